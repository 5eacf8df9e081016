import { Hono } from 'hono';
import { type Account, findAccount } from '../db/accounts.ts';
import { setTimeZone } from '../db/teams.ts';
import { changeTeamInput } from '../domain/account.ts';
import { PharosError } from '../errors.ts';
import type { ApiEnv } from './context.ts';
import { limitWrites, requireSession } from './middleware.ts';
import { validJson } from './validate.ts';

export const toAccountView = ({ user, team }: Account) => ({
  user: { id: user.id, email: user.email, createdAt: new Date(user.createdAt).toISOString() },
  team,
});
export type AccountView = ReturnType<typeof toAccountView>;

const readAccount = async ({ services, actor }: ApiEnv['Variables']): Promise<AccountView> => {
  const account = await findAccount(services.db, actor.userId, actor.teamId);
  if (!account) throw new PharosError('unauthenticated', 'This account is gone.');
  return toAccountView(account);
};

export const me = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .get('/', async (c) => c.json(await readAccount(c.var)))
  .patch('/team', validJson(changeTeamInput), async (c) => {
    const { services, actor } = c.var;
    await setTimeZone(services.db, actor, c.req.valid('json').timeZone, services.now());
    return c.json(await readAccount(c.var));
  });
