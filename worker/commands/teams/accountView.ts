import type { AccountView } from '../../contract/views.ts';
import type { Account } from '../../db/teams/accounts.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';

export const toAccountView = ({ user, team }: Account): AccountView => ({
  user: { id: user.id, email: user.email, createdAt: toIsoTime(user.createdAt) },
  team,
});
