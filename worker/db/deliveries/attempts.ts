import { hasState, problemsOf, type RecipientProgress } from '../../domain/delivery/recipientProgress.ts';
import type { NotificationEvent } from '../../domain/escalation/events.ts';
import { deleteSubscription } from '../channels/subscriptions.ts';
import { retryWrite } from '../core/retrying.ts';
import { settleMembers } from './digests.ts';
import type { OutboxChannel } from './outbox.ts';
import type { Settlement } from './settlement.ts';

/** The attempts of an outbox (objects/outbox.ts) and their results. */

export interface Claimed {
  number: number;
  id: string;
  dedupKey: string;
  incident: string | null;
  event: NotificationEvent | 'digest';
  message: unknown;
  createdAt: number;
  attempts: number;
  triedSince: number;
  claimedUntil: number;
  /** State by recipient, where recipients differ; else empty. */
  recipients: readonly RecipientProgress[];
  /** The delivery reached some recipients; this attempt is for the others. */
  isRest: boolean;
}

export type ClaimedColumns = Omit<Claimed, 'claimedUntil' | 'message' | 'recipients' | 'isRest'> & {
  message: string;
  recipients: string | null;
  isRest: 0 | 1;
};

export const claimedColumns = `number, id, dedup_key AS dedupKey, incident, event, message, created_at AS createdAt, attempts,
  tried_since AS triedSince, recipients, settled_at IS NOT NULL AS isRest`;

export const claimedFrom = (row: ClaimedColumns | null, claimedUntil: number): Claimed | null =>
  row && {
    ...row,
    message: JSON.parse(row.message) as unknown,
    recipients: row.recipients === null ? [] : (JSON.parse(row.recipients) as RecipientProgress[]),
    isRest: row.isRest === 1,
    claimedUntil,
  };

/** Claims a due delivery; null where another sender did, or it is settled. */
export const claimDelivery = async (
  d1: D1Database,
  number: number,
  now: number,
  claimedUntil: number,
): Promise<Claimed | null> => {
  // A claim whose answer was lost is not ours: it expires, and the delivery is late instead of duplicated.
  const claim = d1
    .prepare(
      `UPDATE deliveries SET state = 'sending', next_attempt_at = ?3, attempts = attempts + 1,
         tried_since = ifnull(tried_since, ?2), tried_at = ?2
       WHERE number = ?1 AND settled_at IS NULL AND next_attempt_at <= ?2 AND digest IS NULL
       RETURNING ${claimedColumns}`,
    )
    .bind(number, now, claimedUntil);
  return claimedFrom(await retryWrite(() => claim.first<ClaimedColumns>()), claimedUntil);
};

export interface Attempted {
  at: number;
  /** `suppressed`: not sent, because no recipient may get it. */
  state: 'delivered' | 'transient' | 'permanent' | 'suppressed';
  status: number | null;
  problem: string | null;
  answer: string;
  latencyMs: number;
  /** The receiver has ended for good. */
  isGone?: true;
}

/**
 * How many attempts of a delivery since then (ms since the epoch) were answered as a success that the vendor did not
 * confirm: the message may have arrived with each of them.
 */
export const countUnconfirmed = async (d1: D1Database, number: number, since: number): Promise<number> =>
  (await d1
    .prepare(
      `SELECT count(*) AS n FROM delivery_attempts
       WHERE delivery = ?1 AND at >= ?2 AND state = 'transient' AND status BETWEEN 200 AND 299`,
    )
    .bind(number, since)
    .first<number>('n')) ?? 0;

/**
 * Writes an attempt and its consequences, all or nothing. An attempt whose claim expired is kept, but decides nothing. False
 * where it decided nothing.
 */
export const recordAttempt = async (
  d1: D1Database,
  channel: OutboxChannel,
  { number, claimedUntil, incident, event }: Claimed,
  attempt: Attempted,
  { state, at, nextAttemptAt, recipients, restDueAt }: Settlement,
): Promise<boolean> => {
  const isSettled = state !== 'waiting';
  const detail = JSON.stringify({ channel: { id: channel.id, name: channel.name, kind: channel.kind }, event });
  const statements = [
    insertAttempt(d1, number, attempt),
    d1
      .prepare(
        `UPDATE deliveries SET state = ?3, next_attempt_at = ?4, settled_at = ?5, recipients = ?6, rest_due_at = ?7
         WHERE number = ?1 AND state = 'sending' AND next_attempt_at = ?2`,
      )
      .bind(
        ...[number, claimedUntil, state, nextAttemptAt, isSettled ? at : null],
        ...[recipients && JSON.stringify(recipients), restDueAt],
      ),
    ...healthOf(d1, channel.id, attempt, recipients ?? []),
    ...(attempt.isGone ? [deleteSubscription(d1, channel.id, attempt.at)] : []),
    ...(isSettled && event === 'digest' ? settleMembers(d1, number, { state, at }, channel) : []),
    ...(isSettled && incident !== null
      ? [
          d1
            .prepare(
              `INSERT OR IGNORE INTO incident_events (incident, at, kind, key, detail)
               SELECT i.id, ?2, ?3, d.id, ?4 FROM incidents AS i JOIN deliveries AS d ON d.number = ?5
               WHERE i.id = ?1 AND d.settled_at = ?2`,
            )
            .bind(incident, at, state === 'delivered' ? 'notified' : 'notification-failed', detail, number),
        ]
      : []),
  ];
  // If this write were lost, the message would be sent again.
  const [, update] = await retryWrite(() => d1.batch(statements));
  return update?.meta.changes === 1;
};

export const insertAttempt = (d1: D1Database, number: number, attempt: Attempted): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT OR REPLACE INTO delivery_attempts (delivery, at, state, status, problem, answer, latency_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
    )
    .bind(...[number, attempt.at, attempt.state, attempt.status, attempt.problem, attempt.answer, attempt.latencyMs]);

/**
 * The state of the channel after an attempt; suppressed deliveries do not change it. A channel that fails for some recipients
 * for good counts as failing, although the others get the message; a message that skips the recipients whom the previous one
 * missed proves nothing about them.
 */
const healthOf = (
  d1: D1Database,
  channelId: string,
  { at, state, problem }: Attempted,
  recipients: readonly RecipientProgress[],
): D1PreparedStatement[] => {
  if (state === 'suppressed') return [];
  const failure = problemsOf(
    recipients.filter((one) => one.state === 'permanent'),
    true,
  );
  if (state === 'delivered' && failure !== null)
    return [
      d1
        .prepare(
          'UPDATE channels SET delivered_at = ?2, failing_since = ifnull(failing_since, ?2), failure = ?3 WHERE id = ?1',
        )
        .bind(channelId, at, failure),
    ];
  if (state === 'delivered' && hasState(recipients, 'suppressed'))
    return [d1.prepare('UPDATE channels SET delivered_at = ?2 WHERE id = ?1').bind(channelId, at)];
  return [
    state === 'delivered'
      ? d1
          .prepare('UPDATE channels SET delivered_at = ?2, failing_since = NULL, failure = NULL WHERE id = ?1')
          .bind(channelId, at)
      : d1
          .prepare('UPDATE channels SET failing_since = ifnull(failing_since, ?2), failure = ?3 WHERE id = ?1')
          .bind(channelId, at, problem),
  ];
};
