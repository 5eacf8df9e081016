import type { CheckTokenView } from '../../contract/views.ts';
import { readCheckToken } from '../../db/teams/checkToken.ts';
import { tokenHeader } from '../../domain/checks/requestHeaders.ts';
import type { Services } from '../../services.ts';

export const readCheckTokenView = async (services: Services, teamId: string): Promise<CheckTokenView> => ({
  header: tokenHeader,
  token: await readCheckToken(services, teamId),
});
