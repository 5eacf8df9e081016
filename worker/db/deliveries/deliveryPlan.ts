import { audienceOf, type DeliveryRecord, deliveryKey, missedBy } from '../../domain/escalation/delivery.ts';
import type { Target } from '../../domain/escalation/escalationPolicy.ts';
import { closings, type DeliveryEvent, isOutage } from '../../domain/escalation/events.ts';
import type { Effect } from '../../domain/escalation/machine.ts';
import { type Reachable, type Reached, recipientsOf } from '../../domain/escalation/recipients.ts';
import { isStateful } from '../channels/statefulChannels.ts';
import { boundTo, countRows, periodOf, type RowsOf, rowsAllowed, rowsLeft } from '../decisions/countedRows.ts';
import { incidentAt } from '../decisions/incidentEvents.ts';
import { reachableOf, selectWorking } from '../escalation/reachable.ts';
import type { IncidentEventDetail } from '../schema.ts';

/** A notification that an escalation decided on, as the Monitor object keeps it until it is written. */
export interface PendingDelivery {
  effect: Effect;
  /** Id of the incident that it escalates; it names the deliveries even where another incident is open instead. */
  dedupKey: string;
  /** MonitorMessage without links (alerts/messages/addLinks.ts). */
  message: unknown;
  /** Of an outage: the targets of the steps that replace this one where it leads to no channel. */
  later?: Target[][];
}

interface DeliveryRow {
  id: string;
  dedupKey: string;
  channel: string;
  /** The recipient (`Recipient`). */
  person: string | null;
  event: DeliveryEvent;
  round: number;
  step: number;
  /** The notification is about an outage, which has an incident. */
  hasIncident: boolean;
  message: unknown;
  at: number;
}

/** A step with a target that led to no channel. */
type MissedStep = Pick<Reached, 'unreached' | 'inPlace'> &
  Pick<DeliveryRow, 'dedupKey' | 'event' | 'round' | 'step' | 'hasIncident' | 'at'>;

interface Plan {
  rows: DeliveryRow[];
  missed: MissedStep[];
}

type Known = DeliveryRecord & Pick<Effect, 'round' | 'step'> & { isKept: 0 | 1 | null };

/**
 * The deliveries by channel, in the order of the decisions: a later message may go to the channels notified before. `messages`:
 * the same deliveries with their messages complete, which is awaited in parallel with the reads here.
 */
export const planDeliveries = async (
  d1: D1Database,
  teamId: string,
  pending: readonly PendingDelivery[],
  messages: Promise<readonly PendingDelivery[]> = Promise.resolve(pending),
): Promise<Plan> => {
  const [{ known, reachable }, complete] = await Promise.all([readForPlan(d1, teamId, pending), messages]);
  const plan: Plan = { rows: [], missed: [] };
  for (const one of complete) {
    const { dedupKey, message } = one;
    const { event, about, round, step, at } = one.effect;
    const earlier = known.get(dedupKey) ?? [];
    const { recipients, unreached, inPlace } = reachedBy(one, earlier, reachable);
    const shared = { dedupKey, event, round, step, hasIncident: isOutage(about), at };
    const rows = recipients.map(({ channelId, person }) => {
      const id = deliveryKey({ incidentId: dedupKey, event, round, step, channelId });
      return { id, channel: channelId, person, message, ...shared };
    });
    known.set(dedupKey, [...earlier, ...rows.map((row) => asKnown(row, earlier))]);
    plan.rows.push(...rows);
    if (unreached.length > 0) plan.missed.push({ ...shared, unreached, inPlace });
  }
  return plan;
};

/** Reads everything in one trip to the database. */
const readForPlan = async (d1: D1Database, teamId: string, pending: readonly PendingDelivery[]) => {
  const asking = pending.filter((one) => isFollowUp(one) || one.effect.sparing || isLookedUp(one));
  const dedupKeys = [...new Set(asking.map(({ dedupKey }) => dedupKey))];
  const known = new Map<string, Known[]>();
  if (dedupKeys.length === 0) return { known, reachable: null };
  const people = pending.some(isLookedUp) ? [selectWorking(d1, teamId)] : [];
  const results = await d1.batch([...people, ...dedupKeys.map((dedupKey) => selectDeliveries(d1, dedupKey))]);
  const found = people.length > 0 ? results.shift() : undefined;
  for (const [i, dedupKey] of dedupKeys.entries()) known.set(dedupKey, (results[i]?.results ?? []) as Known[]);
  return { known, reachable: found ? reachableOf(found) : null };
};

const asKnown = ({ id, channel, event, round, step, at }: DeliveryRow, earlier: readonly Known[]): Known => ({
  ...{ id, channelId: channel, event, round, step },
  isKept: earlier.find(({ channelId }) => channelId === channel)?.isKept ?? null,
  state: 'waiting',
  createdAt: at,
  settledAt: null,
});

const none = { recipients: [], unreached: [], inPlace: null } satisfies Reached;
const asNamed = (channelId: string) => ({ channelId, person: null });

const reachedBy = (one: PendingDelivery, earlier: readonly Known[], reachable: Reachable | null): Reached => {
  const { targets, event, at, sparing } = one.effect;
  if (targets === 'notified') return { ...none, recipients: audienceOf(event, earlier, at).map(asNamed) };
  if (targets === 'stateful') {
    const stateful = audienceOf(event, earlier.filter(isKept), at);
    return { ...none, recipients: [...new Set([...stateful, ...missedBy(earlier)])].map(asNamed) };
  }
  const reached = reachable && isLookedUp(one) ? lookUp(one, targets, earlier, reachable) : named(targets);
  const spared = sparing ? audienceOf(event, earlier, at) : [];
  return { ...reached, recipients: reached.recipients.filter(({ channelId }) => !spared.includes(channelId)) };
};

const named = (targets: readonly Target[]): Reached => ({ ...none, recipients: targets.map(({ id }) => asNamed(id)) });

const lookUp = (
  { effect: { event, round, step, at }, later }: PendingDelivery,
  targets: readonly Target[],
  earlier: readonly Known[],
  reachable: Reachable,
): Reached => {
  // Written deliveries stay: if another person were on call since, two people would be notified.
  if (earlier.some((known) => known.event === event && known.round === round && known.step === step)) return none;
  const reached = recipientsOf(targets, { later: later ?? null, reachable, at });
  // Simultaneous steps do not notify the same channel twice.
  const isNotified = (channelId: string) =>
    earlier.some((known) => known.channelId === channelId && known.event === event && known.createdAt === at);
  return { ...reached, recipients: reached.recipients.filter(({ channelId }) => !isNotified(channelId)) };
};

const isFollowUp = ({ effect: { targets } }: PendingDelivery) => targets === 'notified' || targets === 'stateful';

/** A channel stands for itself; other targets are resolved to channels when the deliveries are written. */
const isLookedUp = ({ effect: { targets } }: PendingDelivery) =>
  typeof targets !== 'string' && targets.some(({ type }) => type !== 'channel');

const isKept = (known: Known) => known.isKept === 1;

const selectDeliveries = (d1: D1Database, dedupKey: string): D1PreparedStatement =>
  d1
    .prepare(
      `SELECT d.id, d.channel AS channelId, ifnull(${isStateful('c')}, ${isStateful('gone')}) AS isKept, d.event, d.round, d.step,
         d.state, d.created_at AS createdAt, d.settled_at AS settledAt
       FROM deliveries AS d LEFT JOIN channels AS c ON c.id = d.channel
         LEFT JOIN deleted_channels AS gone ON gone.id = d.channel
       WHERE d.dedup_key = ?1 ORDER BY d.number`,
    )
    .bind(dedupKey);

const incidentOf = (notified: string) => `iif(${notified}.value ->> 'hasIncident',
  ${incidentAt('?1', `${notified}.value ->> 'dedupKey'`, `${notified}.value ->> 'at'`)}, NULL)`;

const isWatched = 'EXISTS (SELECT 1 FROM monitors WHERE number = ?1 AND decision <= ?2 AND cohort IS NOT NULL)';

const isIn = (table: string) =>
  `EXISTS (SELECT 1 FROM ${table} AS c WHERE c.id = d.value ->> 'channel' AND c.team_id = ?3)`;
const isEnd = `d.value ->> 'event' IN (SELECT value FROM json_each(?5))`;

interface Writing extends RowsOf {
  monitor: number;
  revision: number;
}

/**
 * Writes the rows of a decision, each once. Where a person paused or deleted the monitor since, or the channel was deleted
 * (db/channels/deletedChannels.ts), earlier decisions are not sent, only the recovery. The recovery of a deleted monitor is as
 * critical as the alerts of its problem. Beyond the team's alerts of the day only recoveries are written: each ends a problem
 * that was sent, so their number is bounded by that of the alerts.
 */
export const insertDeliveries = (
  d1: D1Database,
  { monitor, revision, ...team }: Writing,
  { rows, missed }: Plan,
): D1PreparedStatement[] => [
  d1
    .prepare(
      `INSERT OR IGNORE INTO deliveries (id, team_id, monitor, dedup_key, incident, channel, person, event, round, step,
         state, message, created_at, next_attempt_at, critical)
       SELECT d.value ->> 'id', ?3, ?1, d.value ->> 'dedupKey', ${incidentOf('d')}, d.value ->> 'channel', d.value ->> 'person',
         d.value ->> 'event', d.value ->> 'round', d.value ->> 'step', 'waiting', d.value -> 'message',
         d.value ->> 'at', d.value ->> 'at',
         ifnull((SELECT m.critical FROM monitors AS m WHERE m.number = ?1),
           ifnull((SELECT max(o.critical) FROM deliveries AS o WHERE o.dedup_key = d.value ->> 'dedupKey'), 0))
       FROM json_each(?4) AS d
       WHERE (${isIn('channels')} AND (${isEnd} OR (${isWatched} AND d.key < ${rowsLeft('alertsPerDay', '?3', '?6', '?7')})))
         OR (${isIn('deleted_channels')} AND ${isEnd})
       ORDER BY d.key`,
    )
    .bind(
      ...[monitor, revision, team.teamId, JSON.stringify(rows), JSON.stringify(closings)],
      ...boundTo('alertsPerDay', team).slice(1),
    ),
  countRows(d1, 'alertsPerDay', team),
  ...(missed.length > 0 ? [recordMissed(d1, monitor, revision, missed)] : []),
];

/**
 * Writes one timeline event of an incident whose alerts the limit suppressed: nothing else prevents alerts of a watched monitor
 * to an existing channel from being written. Applies where the batch of `insertDeliveries` wrote fewer rows than it was given.
 */
export const recordOverLimit = (
  d1: D1Database,
  { monitor, teamId, revision, now, limits }: Writing,
  { rows }: Plan,
): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT OR IGNORE INTO incident_events (incident, at, kind, key, detail)
       SELECT incident, at, 'over-limit', '', json_object('overLimit',
         json_object('limit', ${rowsAllowed('alertsPerDay', '?3', '?6')}, 'until', ?7))
       FROM (SELECT ${incidentOf('d')} AS incident, min(d.value ->> 'at') AS at FROM json_each(?4) AS d
         WHERE NOT (${isEnd}) AND ${isIn('channels')} AND ${isWatched}
           AND NOT EXISTS (SELECT 1 FROM deliveries WHERE id = d.value ->> 'id')
         GROUP BY 1) AS left_out
       WHERE incident IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM incident_events AS e WHERE e.incident = left_out.incident AND e.kind = 'over-limit')`,
    )
    .bind(
      ...[monitor, revision, teamId, JSON.stringify(rows), JSON.stringify(closings)],
      ...[limits.alertsPerDay, periodOf('alertsPerDay', now).to],
    );

const recordMissed = (d1: D1Database, monitor: number, revision: number, missed: readonly MissedStep[]) => {
  const facts = missed.map(({ dedupKey, event, round, step, hasIncident, at, unreached, inPlace }) => {
    const detail: IncidentEventDetail = { unreached, ...(inPlace && { inPlace }) };
    return { dedupKey, hasIncident, at, key: `${event}-${round}-${step}`, detail };
  });
  return d1
    .prepare(
      `INSERT OR IGNORE INTO incident_events (incident, at, kind, key, detail)
       SELECT ${incidentOf('f')} AS incident, f.value ->> 'at', 'unreached', f.value ->> 'key', f.value -> 'detail'
       FROM json_each(?3) AS f WHERE incident IS NOT NULL AND ${isWatched}`,
    )
    .bind(monitor, revision, JSON.stringify(facts));
};

/** The channels with deliveries of these deduplication keys to send; goes behind `insertDeliveries` in its batch. */
export const selectWaitingChannels = (d1: D1Database, pending: readonly PendingDelivery[]): D1PreparedStatement =>
  d1
    .prepare(
      `SELECT DISTINCT d.channel FROM json_each(?1) AS s JOIN deliveries AS d ON d.dedup_key = s.value
       WHERE d.settled_at IS NULL`,
    )
    .bind(JSON.stringify([...new Set(pending.map(({ dedupKey }) => dedupKey))]));

export const channelsOf = (result: D1Result | undefined): string[] =>
  ((result?.results ?? []) as { channel: string }[]).map(({ channel }) => channel);
