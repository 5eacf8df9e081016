import { z } from 'zod';
import { replaceCheckToken } from '../../db/teams/checkToken.ts';
import { command } from '../command.ts';
import { readCheckTokenView } from './checkTokenView.ts';

/** Replaces the token; checks carry the new one from now on. */
export const renewCheckToken = command(
  'check-token.renew',
  { audits: 'team.changed' },
  z.strictObject({}),
  async ({ services, actor: { teamId, userId } }) => {
    await replaceCheckToken(services, { teamId, userId });
    return readCheckTokenView(services, teamId);
  },
);
