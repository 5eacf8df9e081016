import { passwordWeakness } from '../domain/teams/passwordStrength.ts';
import { PharosError } from '../errors.ts';
import type { Services } from '../services.ts';
import { isBreached } from './breachedPassword.ts';

const stolen = 'This password appears in a list of stolen passwords. Choose another one.';

/** Throws `invalid_request`, with what to do, for a password that is easy to guess or known to have been stolen. */
export const requireGoodPassword = async (
  { config }: Pick<Services, 'config'>,
  { password, email }: { password: string; email: string },
): Promise<void> => {
  const weakness = await passwordWeakness(password, email);
  const message = weakness ?? ((await isBreached(config.breachedPasswordsUrl, password)) ? stolen : null);
  if (message)
    throw new PharosError('invalid_request', 'The password cannot be used.', [{ path: 'password', message }]);
};
