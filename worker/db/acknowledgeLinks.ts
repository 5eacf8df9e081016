import type { Acknowledgement } from '../auth/acknowledgements.ts';
import { canNotify } from '../domain/escalation/recipients.ts';
import { alertingColumn, alertingFrom } from './alerting.ts';
import { readReachable } from './reachable.ts';

/** What a link in a message is bound to. Times are ms since the epoch. */

const reopened = `(SELECT count(*) FROM incident_events
  WHERE incident = i.id AND kind = 'reopened' AND at <= ?2)`;

/** How often the incident had been reopened at `at`, and by which policy its monitor goes now. */
export const readLinkBinding = async (
  d1: D1Database,
  incidentId: string,
  at: number,
): Promise<Pick<Acknowledgement, 'round' | 'policyId'>> => {
  const row = await d1
    .prepare(
      `SELECT ${reopened} AS round, ${alertingColumn} AS alerting
       FROM incidents AS i JOIN monitors AS m ON m.number = i.monitor WHERE i.id = ?1`,
    )
    .bind(incidentId, at)
    .first<{ round: number; alerting: string }>();
  return { round: row?.round ?? 0, policyId: row ? alertingFrom(row.alerting).policyId : null };
};

/** Why a link that was good leads nowhere any more. */
export type DeadLink = 'channel' | 'reopened' | 'policy';

interface Row {
  channelName: string | null;
  round: number;
  alerting: string;
  /** When the policy that the link names was changed last; null where it is gone. */
  changedAt: number | null;
}

/**
 * The channel by whose message somebody acts, or why nobody may act by it any more: the channel is gone, the incident was
 * opened again since, or the monitor's policy does not notify the channel. In a gap of a schedule all channels are
 * notified; so a policy that has not changed since counts as before. Null where the incident is gone.
 */
export const followLink = async (
  d1: D1Database,
  { teamId, incidentId, channelId, round, policyId, at }: Acknowledgement,
  now: number,
): Promise<{ channelName: string } | DeadLink | null> => {
  const row = await d1
    .prepare(
      `SELECT (SELECT name FROM channels WHERE id = ?3 AND team_id = ?4) AS channelName, ${reopened} AS round,
         ${alertingColumn} AS alerting, (SELECT updated_at FROM escalation_policies WHERE id = ?5) AS changedAt
       FROM incidents AS i JOIN monitors AS m ON m.number = i.monitor WHERE i.id = ?1 AND i.team_id = ?4`,
    )
    .bind(incidentId, now, channelId, teamId, policyId)
    .first<Row>();
  if (!row) return null;
  if (row.channelName === null) return 'channel';
  if (row.round !== round) return 'reopened';
  const { policyId: governs, policy } = alertingFrom(row.alerting);
  const isUnchanged = governs === policyId && (row.changedAt ?? 0) <= at;
  if (isUnchanged || canNotify(policy.steps, channelId, await readReachable(d1, teamId)))
    return { channelName: row.channelName };
  return 'policy';
};
