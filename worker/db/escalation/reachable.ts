import type { Reachable } from '../../domain/escalation/recipients.ts';
import type { OnCallSchedule } from '../../domain/onCall/onCallSchedule.ts';
import { isGoneColumn } from '../channels/subscriptions.ts';

type Row = { id: string; name: string } & (
  | { type: 'channel' }
  | { type: 'person'; what: string }
  | { type: 'schedule'; what: string }
);

/** All targets of a team's policies. */
export const readReachable = async (d1: D1Database, teamId: string): Promise<Reachable> =>
  reachableOf(await selectReachable(d1, teamId).all());

/** The targets that work now: no browser that has ended its subscription. Its result is for `reachableOf`. */
export const selectWorking = (d1: D1Database, teamId: string): D1PreparedStatement =>
  selectReachable(d1, teamId, `AND NOT ${isGoneColumn('channels')}`);

const selectReachable = (d1: D1Database, teamId: string, condition = ''): D1PreparedStatement =>
  d1
    .prepare(
      `SELECT 'channel' AS type, id, name, NULL AS what FROM channels WHERE team_id = ?1 ${condition}
       UNION ALL SELECT 'person', id, name, channels FROM people WHERE team_id = ?1
       UNION ALL SELECT 'schedule', id, name,
         json_object('timeZone', time_zone, 'layers', json(layers), 'overrides', json(overrides))
         FROM on_call_schedules WHERE team_id = ?1`,
    )
    .bind(teamId);

export const reachableOf = ({ results }: D1Result): Reachable => {
  const channels = new Set<string>();
  const people = new Map<string, { name: string; channels: string[] }>();
  const schedules = new Map<string, OnCallSchedule & { name: string }>();
  for (const row of results as Row[]) {
    if (row.type === 'channel') channels.add(row.id);
    else if (row.type === 'person') people.set(row.id, { name: row.name, channels: JSON.parse(row.what) as string[] });
    else schedules.set(row.id, { name: row.name, ...(JSON.parse(row.what) as OnCallSchedule) });
  }
  return { channels, people, schedules };
};
