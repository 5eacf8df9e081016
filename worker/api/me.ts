import { Hono } from 'hono';
import { type Account, findAccount } from '../db/accounts.ts';
import { PharosError } from '../errors.ts';
import type { ApiEnv } from './context.ts';
import { requireSession } from './middleware.ts';

export const toAccountView = ({ user, team }: Account) => ({
  user: { id: user.id, email: user.email, createdAt: new Date(user.createdAt).toISOString() },
  team,
});
export type AccountView = ReturnType<typeof toAccountView>;

export const me = new Hono<ApiEnv>().use(requireSession).get('/', async (c) => {
  const { actor, services } = c.var;
  const account = await findAccount(services.db, actor.userId, actor.teamId);
  if (!account) throw new PharosError('unauthenticated', 'This account is gone.');
  return c.json(toAccountView(account));
});
