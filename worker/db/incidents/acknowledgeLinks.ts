import { canNotify } from '../../domain/escalation/recipients.ts';
import type { Acknowledgement } from '../../domain/incidents/acknowledgement.ts';
import { policyMark } from '../../domain/incidents/acknowledgement.ts';
import { alertingColumn, alertingFrom } from '../escalation/alerting.ts';
import { readReachable } from '../escalation/reachable.ts';

/** The data that a link in a message is bound to. Times are ms since the epoch. */

/** The current policy of the incident's monitor; for `incidentPolicyOf`. */
export const selectIncidentPolicy = (d1: D1Database, incidentId: string): D1PreparedStatement =>
  d1
    .prepare(
      `SELECT ${alertingColumn} AS alerting FROM incidents AS i JOIN monitors AS m ON m.number = i.monitor WHERE i.id = ?1`,
    )
    .bind(incidentId);

/** Null where the team has none. */
export const incidentPolicyOf = (found: D1Result | undefined): string | null => {
  const row = found?.results[0] as { alerting: string } | undefined;
  return row ? alertingFrom(row.alerting).policyId : null;
};

/** The delivery that carried a link; null where it is deleted, or about no incident. */
export const readLinkedDelivery = (
  d1: D1Database,
  number: number,
): Promise<Pick<Acknowledgement, 'teamId' | 'incidentId' | 'channelId' | 'at'> | null> =>
  d1
    .prepare(
      `SELECT team_id AS teamId, incident AS incidentId, channel AS channelId, created_at AS at
       FROM deliveries WHERE number = ?1 AND incident IS NOT NULL`,
    )
    .bind(number)
    .first();

/** Why a valid link no longer works. */
export type DeadLink = 'channel' | 'reopened' | 'policy';

interface Row {
  channelName: string | null;
  /** Number of times the incident was reopened since the message was made. */
  reopened: number;
  alerting: string;
}

/**
 * The channel of the message whose link somebody uses, or why the link no longer works: the channel is deleted, the incident was
 * reopened since, or the monitor's policy does not notify the channel. In a gap of a schedule all channels are notified; so a
 * policy that has not changed since counts as before. Null where the incident is deleted.
 */
export const followLink = async (
  d1: D1Database,
  { teamId, incidentId, channelId, mark, at }: Acknowledgement,
): Promise<{ channelName: string } | DeadLink | null> => {
  const row = await d1
    .prepare(
      `SELECT (SELECT name FROM channels WHERE id = ?3 AND team_id = ?4) AS channelName, ${alertingColumn} AS alerting,
         (SELECT count(*) FROM incident_events WHERE incident = i.id AND kind = 'reopened' AND at > ?2) AS reopened
       FROM incidents AS i JOIN monitors AS m ON m.number = i.monitor WHERE i.id = ?1 AND i.team_id = ?4`,
    )
    .bind(incidentId, at, channelId, teamId)
    .first<Row>();
  if (!row) return null;
  if (row.channelName === null) return 'channel';
  if (row.reopened > 0) return 'reopened';
  const { policyId, policy } = alertingFrom(row.alerting);
  const isUnchanged = policyMark(policyId) === mark && (await readChangedAt(d1, policyId)) <= at;
  if (isUnchanged || canNotify(policy.steps, channelId, await readReachable(d1, teamId)))
    return { channelName: row.channelName };
  return 'policy';
};

/** 0 where there is no policy, which nobody can change. */
const readChangedAt = async (d1: D1Database, policyId: string | null): Promise<number> =>
  policyId === null
    ? 0
    : ((await d1
        .prepare('SELECT updated_at FROM escalation_policies WHERE id = ?1')
        .bind(policyId)
        .first<number>('updated_at')) ?? 0);
