import { accessTokenFor, type SessionTokens } from '../../auth/sessions.ts';
import { deviceTokenFor } from '../../auth/throttle.ts';
import type { AccountView } from '../../contract/views.ts';
import type { Account } from '../../db/teams/accounts.ts';
import type { Services } from '../../services.ts';
import { toAccountView } from './accountView.ts';

export interface SignedIn {
  account: AccountView;
  tokens: SessionTokens;
  /** The token by which the account recognises the browser from now on. */
  deviceToken: string;
}

export const toSignedIn = async (
  services: Services,
  account: Account,
  sessionId: string,
  refreshToken: string,
): Promise<SignedIn> => ({
  account: toAccountView(account),
  tokens: { accessToken: await accessTokenFor(services, account, sessionId), refreshToken },
  deviceToken: await deviceTokenFor(services, account.user.email),
});
