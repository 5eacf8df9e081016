import { getAccount } from '../../db/teams/accounts.ts';
import { setTimeZone } from '../../db/teams/teams.ts';
import { changeTeamInput } from '../../domain/teams/account.ts';
import { command } from '../command.ts';
import { toAccountView } from './accountView.ts';

export const changeTeam = command(
  'team.change',
  { audits: 'team.changed' },
  changeTeamInput,
  async ({ services: { db, now }, actor: { teamId, userId } }, { timeZone }) => {
    await setTimeZone(db, { teamId, userId }, timeZone, now());
    return toAccountView(await getAccount(db, userId, teamId));
  },
);
