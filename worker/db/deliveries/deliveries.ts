import type { RecipientProgress } from '../../domain/delivery/recipientProgress.ts';
import type { NotificationEvent } from '../../domain/escalation/events.ts';
import { PharosError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import type { deliveries } from '../schema.ts';
import type { Attempted } from './attempts.ts';
import { reopenMembers } from './digests.ts';
import { releaseHeld } from './holds.ts';
import { endAgain, givenForAgain, isNews } from './sendAgain.ts';

/** Deliveries as people see them. */

type Columns = Omit<
  typeof deliveries.$inferSelect,
  | 'teamId'
  | 'monitor'
  | 'dedupKey'
  | 'event'
  | 'message'
  | 'triedSince'
  | 'triedAt'
  | 'attempts'
  | 'digest'
  | 'critical'
  | 'recipients'
>;

export interface DeliveryRow extends Columns {
  event: NotificationEvent;
  /** Number of deliveries in its digest; null where it was sent by itself. */
  digestOf: number | null;
  monitorId: string | null;
  /** Null where it is about a channel. */
  monitorName: string | null;
  /** The channel that it is about, as JSON; null where it is about a monitor. */
  aboutChannel: string | null;
  channelName: string | null;
  channelKind: string | null;
  /** Time zone of the channel's quiet hours. */
  quietTimeZone: string | null;
  /** State by recipient, where recipients differ; else null. */
  recipients: RecipientProgress[] | null;
  attemptCount: number;
  /** The latest attempts, oldest first. */
  attempts: Attempted[];
}

export interface DeliveryFilter {
  incidentId?: string | undefined;
  monitorId?: string | undefined;
  channelId?: string | undefined;
  state?: string | undefined;
}

const shownAttempts = 20;

const select = `SELECT d.number, d.id, d.incident, d.channel, d.person, d.event, d.round, d.step, d.state, d.created_at AS createdAt,
    ifnull((SELECT g.next_attempt_at FROM deliveries AS g WHERE g.number = d.digest), d.next_attempt_at) AS nextAttemptAt,
    ifnull((SELECT g.held_until FROM deliveries AS g WHERE g.number = d.digest), d.held_until) AS heldUntil,
    (SELECT g.message ->> '$.alerts' FROM deliveries AS g WHERE g.number = d.digest) AS digestOf,
    d.settled_at AS settledAt, m.id AS monitorId,
    ifnull((SELECT g.recipients FROM deliveries AS g WHERE g.number = d.digest), d.recipients) AS recipients,
    ifnull((SELECT g.rest_due_at FROM deliveries AS g WHERE g.number = d.digest), d.rest_due_at) AS restDueAt,
    ifnull(m.name, d.message ->> '$.monitor.name') AS monitorName, d.message -> '$.channel' AS aboutChannel,
    c.name AS channelName, c.kind AS channelKind, c.quiet_hours ->> '$.timeZone' AS quietTimeZone,
    (SELECT count(*) FROM delivery_attempts WHERE delivery = ifnull(d.digest, d.number)) AS attemptCount,
    (SELECT json_group_array(json_object('at', a.at, 'state', a.state, 'status', a.status, 'problem', a.problem,
        'answer', a.answer, 'latencyMs', a.latency_ms))
      FROM (SELECT * FROM delivery_attempts WHERE delivery = ifnull(d.digest, d.number) ORDER BY at DESC LIMIT ${shownAttempts}) AS a)
      AS attempts
  FROM deliveries AS d LEFT JOIN monitors AS m ON m.number = d.monitor LEFT JOIN channels AS c ON c.id = d.channel`;

type Raw = Omit<DeliveryRow, 'attempts' | 'recipients'> & { attempts: string; recipients: string | null };

const parsed = ({ attempts, recipients, ...row }: Raw): DeliveryRow => ({
  ...row,
  recipients: recipients === null ? null : (JSON.parse(recipients) as RecipientProgress[]),
  attempts: (JSON.parse(attempts) as Attempted[]).sort((a, b) => a.at - b.at),
});

/** Newest first; `before` is the number of the last one of the page before. */
export const listDeliveries = async (
  { d1 }: Services,
  {
    teamId,
    limit,
    before,
    incidentId,
    monitorId,
    channelId,
    state,
  }: DeliveryFilter & {
    teamId: string;
    limit: number;
    before?: number | undefined;
  },
): Promise<DeliveryRow[]> => {
  const conditions = ['d.team_id = ?1', `d.event <> 'digest'`];
  const values: (string | number)[] = [teamId, limit];
  const add = (value: string | number | undefined, condition: (parameter: string) => string) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`?${values.length}`));
  };
  add(incidentId, (it) => `d.incident = ${it}`);
  add(monitorId, (it) => `d.monitor = (SELECT number FROM monitors WHERE id = ${it})`);
  add(channelId, (it) => `d.channel = ${it}`);
  add(state, (it) => `d.state = ${it}`);
  add(before, (it) => `d.number < ${it}`);
  const { results } = await d1
    .prepare(`${select} WHERE ${conditions.join(' AND ')} ORDER BY d.number DESC LIMIT ?2`)
    .bind(...values)
    .all<Raw>();
  return results.map(parsed);
};

/** Throws `not_found`, for another team's delivery as well. */
export const getDelivery = async (
  { d1 }: Services,
  { teamId, id }: { teamId: string; id: string },
): Promise<DeliveryRow> => {
  const row = await d1
    .prepare(`${select} WHERE d.id = ?1 AND d.team_id = ?2 AND d.event <> 'digest'`)
    .bind(id, teamId)
    .first<Raw>();
  if (!row) throw new PharosError('not_found', 'No such delivery exists.');
  return parsed(row);
};

/**
 * Retries a failed delivery for another day, together with the recovery if the problem is over; one of a digest together with
 * the whole digest, as the receiver may have it already. Or sends a delivery that quiet hours defer; neither waits for quiet
 * hours. Throws `not_found`; `conflict` where it is neither failed nor deferred, the receiver has newer information, or the
 * channel is deleted.
 */
export const reviveDelivery = async (services: Services, own: { teamId: string; id: string }): Promise<DeliveryRow> => {
  const { d1, now } = services;
  const before = await getDelivery(services, own);
  if (before.channelName === null) throw new PharosError('conflict', 'The channel of this delivery was deleted.');
  const at = now();
  const given = givenForAgain(own.id, at);
  const [revived] = await d1.batch([
    d1
      .prepare(
        `UPDATE deliveries SET state = 'waiting', settled_at = NULL, next_attempt_at = ?2, held_until = ?2,
           attempts = 0, tried_since = NULL, recipients = NULL
         WHERE number = (SELECT ifnull(digest, number) FROM deliveries WHERE id = ?1) AND state = 'failed' AND ${isNews}`,
      )
      .bind(...given),
    reopenMembers(d1, own.id),
    endAgain(d1, given),
  ]);
  if (revived?.meta.changes !== 1 && !(await releaseHeld(d1, own, at))) throw refusalOf(before);
  return getDelivery(services, own);
};

const refusalOf = ({ state }: DeliveryRow) =>
  new PharosError(
    'conflict',
    state === 'failed'
      ? 'This alert is outdated: the channel has since received a newer message of this problem.'
      : 'You can only send a delivery that failed or that quiet hours hold. This one is neither.',
  );
