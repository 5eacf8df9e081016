import type { Outcome } from '../../domain/checks/outcome.ts';
import type { Region } from '../../domain/checks/region.ts';
import { withDefaults } from '../../domain/teams/limits.ts';
import type { Dependency, JudgeSettings } from '../../domain/verdict/checkPolicy.ts';
import type { DecidedVerdict, Shown } from '../../domain/verdict/state.ts';
import type { Quorum } from '../../domain/verdict/votesNeeded.ts';
import { type Dependent, dependentsOf, selectWaitingDependents } from '../checks/dependents.ts';
import { retryWrite } from '../core/retrying.ts';
import {
  channelsOf,
  insertDeliveries,
  type PendingDelivery,
  planDeliveries,
  recordOverLimit,
  selectWaitingChannels,
} from '../deliveries/deliveryPlan.ts';
import { type Alerting, alertingColumn, alertingFrom } from '../escalation/alerting.ts';
import { maintenanceAheadOf, selectMaintenanceAhead } from '../maintenance/readMaintenance.ts';
import { boundTo, countRows, type RowsOf, rowsLeft } from './countedRows.ts';
import {
  type Counted,
  closeIncident,
  decided,
  recordAlert,
  recordEvidence,
  recordOutage,
  type SeenEvidence,
} from './incidentEvents.ts';
import type { TimelineEvent } from './timelineEvents.ts';

export interface Decision extends Shown {
  monitor: number;
  teamId: string;
  /** Rises with each decision: an older one never overwrites a newer one, or a pause by a person. */
  revision: number;
  /** Not yet written, oldest first. */
  timelineEvents: TimelineEvent[];
  /** Pending notifications, oldest first. */
  deliveries: PendingDelivery[];
}

/** The monitor's row: settings of people, and the last decision. */
export interface Standing {
  settings: JudgeSettings;
  /** Time of the latest change by a person to the monitor or to anything else that it is judged by. */
  changedAt: number;
  decision: number;
  isPaused: boolean;
  /** `unknown` while it is paused. */
  verdict: DecidedVerdict;
  verdictSince: number;
  openIncident: { id: string; startedAt: number } | null;
  alerting: Alerting;
}

interface StandingRow {
  regions: string;
  interval_seconds: number;
  stretch: number;
  timeout_ms: number;
  quorum: string;
  confirmations: number;
  recovery_confirmations: number;
  degraded_confirmations: number;
  confirmation_period_seconds: number;
  recovery_period_seconds: number;
  flapping_changes: number;
  flapping_within_minutes: number;
  changed_at: number;
  decision: number;
  verdict: DecidedVerdict | 'paused';
  verdict_since: number;
  is_paused: number;
  open_incident: string | null;
  dependencies: string;
  distrusted: string;
  alerting: string;
}

/**
 * State of the monitors on which a monitor depends, directly or through others, at most 50. A paused one is not known to be
 * down; one that became stale during an outage is still down.
 */
const dependencies = `WITH RECURSIVE above(number) AS (
    SELECT depends_on FROM monitor_dependencies WHERE monitor = m.number
    UNION SELECT d.depends_on FROM above CROSS JOIN monitor_dependencies AS d ON d.monitor = above.number LIMIT 50)
  SELECT json_group_array(json_object('monitorId', u.id, 'name', u.name, 'standing', CASE
    WHEN u.verdict = 'down' OR (u.verdict = 'unknown' AND EXISTS (
      SELECT 1 FROM incidents AS i WHERE i.monitor = u.number AND i.resolved_at IS NULL)) THEN 'down'
    WHEN u.suspect = 1 THEN 'suspect' ELSE 'up' END))
  FROM above CROSS JOIN monitors AS u ON u.number = above.number`;

/** Null where the monitor is deleted. */
export const readStanding = async (d1: D1Database, monitor: number, now: number): Promise<Standing | null> => {
  const [found, windows] = await d1.batch([selectRow(d1, monitor), selectMaintenanceAhead(d1, monitor, now)]);
  const row = found?.results[0] as StandingRow | undefined;
  if (!row || !windows) return null;
  return {
    settings: {
      regions: JSON.parse(row.regions) as Region[],
      intervalSeconds: row.interval_seconds * row.stretch,
      timeoutMs: row.timeout_ms,
      quorum: JSON.parse(row.quorum) as Quorum,
      confirmations: row.confirmations,
      recoveryConfirmations: row.recovery_confirmations,
      degradedConfirmations: row.degraded_confirmations,
      confirmationPeriodSeconds: row.confirmation_period_seconds,
      recoveryPeriodSeconds: row.recovery_period_seconds,
      flappingChanges: row.flapping_changes,
      flappingWithinMinutes: row.flapping_within_minutes,
      maintenance: maintenanceAheadOf(monitor, now, windows),
      distrusted: JSON.parse(row.distrusted) as Region[],
      dependencies: JSON.parse(row.dependencies) as Dependency[],
    },
    changedAt: row.changed_at,
    decision: row.decision,
    isPaused: row.is_paused === 1,
    verdict: row.verdict === 'paused' ? 'unknown' : row.verdict,
    verdictSince: row.verdict_since,
    openIncident: row.open_incident === null ? null : (JSON.parse(row.open_incident) as Standing['openIncident']),
    alerting: alertingFrom(row.alerting),
  };
};

const selectRow = (d1: D1Database, monitor: number): D1PreparedStatement =>
  d1
    .prepare(
      `SELECT m.regions, m.interval_seconds, m.stretch, m.timeout_ms, m.quorum, m.confirmations, m.recovery_confirmations,
         m.degraded_confirmations, m.confirmation_period_seconds, m.recovery_period_seconds, m.flapping_changes,
         m.flapping_within_minutes, max(m.updated_at, m.stretched_at, t.policy_changed_at) AS changed_at, m.decision, m.verdict, m.verdict_since,
         m.cohort IS NULL AS is_paused,
         (SELECT json_object('id', i.id, 'startedAt', i.started_at) FROM incidents AS i WHERE i.monitor = m.number AND i.resolved_at IS NULL) AS open_incident,
         (${dependencies}) AS dependencies,
         (SELECT json_group_array(region) FROM region_distrusts WHERE until IS NULL) AS distrusted,
         ${alertingColumn} AS alerting
       FROM monitors AS m JOIN teams AS t ON t.id = m.team_id WHERE m.number = ?1`,
    )
    .bind(monitor);

interface WritingOptions {
  messages?: Promise<readonly PendingDelivery[]>;
  listDependents?: boolean;
  /** The installation's. */
  limits?: RowsOf['limits'];
}

interface Written {
  /** False where a newer decision was already stored, or the monitor is deleted. */
  isWritten: boolean;
  /** Somebody of the team has a dashboard open. */
  isWatched: boolean;
  /** Channels with deliveries of this decision. */
  waiting: string[];
  /** Null where they were not requested. */
  dependents: Dependent[] | null;
}

/**
 * Writes the decision of a Monitor object (the monitor's row, the history of verdicts, the incidents and the deliveries), all or
 * nothing. Idempotent. `messages`: the same deliveries with their messages complete; `listDependents`: also reads the monitors
 * that may wait for it.
 */
export const writeDecision = async (
  d1: D1Database,
  decision: Decision,
  now: number,
  { messages, listDependents = false, limits = withDefaults({}) }: WritingOptions = {},
): Promise<Written> => {
  const { monitor, revision } = decision;
  const notified = await planDeliveries(d1, decision.teamId, decision.deliveries, messages);
  const hasDeliveries = decision.deliveries.length > 0;
  const writing = { monitor, teamId: decision.teamId, revision, now, limits };
  const inserts = hasDeliveries ? insertDeliveries(d1, writing, notified) : [];
  const statements = [
    d1
      .prepare(
        `UPDATE monitors SET verdict = ?2, verdict_since = ?3, region_health = ?4, suspect = ?5, decision = ?6,
           flapping = ?7
         WHERE number = ?1 AND decision <= ?6 AND cohort IS NOT NULL`,
      )
      .bind(
        monitor,
        decision.verdict,
        decision.verdictSince,
        JSON.stringify(decision.regionHealth),
        Number(decision.suspect),
        revision,
        Number(decision.flapping),
      ),
    d1.prepare('SELECT id FROM teams WHERE id = ?1 AND watched_until > ?2').bind(decision.teamId, now),
    ...decision.timelineEvents.flatMap((timelineEvent) => factStatements(d1, writing, timelineEvent)),
    ...inserts,
    ...(hasDeliveries ? [selectWaitingChannels(d1, decision.deliveries)] : []),
    ...(listDependents ? [selectWaitingDependents(d1, monitor)] : []),
  ];
  const results = await retryWrite(() => d1.batch(statements));
  const [row, watching] = results;
  const dependents = listDependents ? dependentsOf(results.pop()) : null;
  const inserted = hasDeliveries ? results.at(-1 - inserts.length)?.meta.changes : notified.rows.length;
  if (inserted !== notified.rows.length) await retryWrite(() => recordOverLimit(d1, writing, notified).run());
  return {
    isWritten: row?.meta.changes === 1,
    isWatched: watching?.results.length === 1,
    waiting: hasDeliveries ? channelsOf(results.at(-1)) : [],
    dependents,
  };
};

const factStatements = (d1: D1Database, writing: Counted, timelineEvent: TimelineEvent): D1PreparedStatement[] => {
  const { monitor, teamId, revision } = writing;
  const bound = boundTo('statusChangesPerDay', writing);
  if (timelineEvent.type === 'verdict')
    return [
      d1
        .prepare(
          `INSERT OR IGNORE INTO verdict_changes (monitor, since, at, verdict, explanation)
           SELECT ?1, ?3, ?4, ?5, iif(${rowsLeft('statusChangesPerDay', '?7', '?8', '?9')} > 0, ?6, NULL) WHERE ${decided}`,
        )
        .bind(
          ...[
            monitor,
            revision,
            timelineEvent.since,
            timelineEvent.at,
            timelineEvent.to,
            timelineEvent.explanation && JSON.stringify(timelineEvent.explanation),
          ],
          ...bound,
        ),
      countRows(d1, 'statusChangesPerDay', writing),
    ];
  if (timelineEvent.type === 'joined')
    return [recordEvidence(d1, writing, seenOf(timelineEvent.evidence)), countRows(d1, 'statusChangesPerDay', writing)];
  if (timelineEvent.type !== 'outage') return [recordAlert(d1, { monitor, revision }, timelineEvent)];
  if (timelineEvent.change === 'closed') return closeIncident(d1, { monitor, revision }, timelineEvent);
  // The last failure completed the quorum; a region that failed before may have had a problem of its own.
  const evidence = timelineEvent.evidence.map(seenOf);
  return [
    d1
      .prepare(
        `INSERT OR IGNORE INTO incidents (id, team_id, monitor, started_at, detected_at, reason, evidence)
         SELECT ?3, ?4, ?1, ?5, ?6, ?7, iif(${rowsLeft('statusChangesPerDay', '?4', '?9', '?10')} > 0, ?8, '[]')
         WHERE ${decided}`,
      )
      .bind(
        ...[
          monitor,
          revision,
          timelineEvent.incidentId,
          teamId,
          timelineEvent.since,
          timelineEvent.at,
          evidence.at(-1)?.reason ?? 'error',
        ],
        JSON.stringify(evidence.map(({ answer: _, ...seen }) => seen)),
        ...bound.slice(1),
      ),
    recordOutage(d1, writing, timelineEvent, evidence),
  ];
};

const seenOf = ({ scheduledAt: _, startedAt, ...outcome }: Outcome): SeenEvidence => ({ ...outcome, at: startedAt });
