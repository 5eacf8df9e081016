import { giveUp, type RecipientProgress } from '../../domain/delivery/recipientProgress.ts';
import { closings } from '../../domain/escalation/events.ts';
import { retryWrite } from '../core/retrying.ts';
import {
  type Attempted,
  type Claimed,
  type ClaimedColumns,
  claimedColumns,
  claimedFrom,
  insertAttempt,
} from './attempts.ts';

/**
 * Deliveries that reached some recipients of a channel and are still tried for the others: `rest_due_at` says when. In every
 * other respect they count as delivered, so that one mailbox delays nobody. Times are ms since the epoch.
 */

export interface OpenRest {
  number: number;
  dedupKey: string;
  dueAt: number;
  critical: 0 | 1;
}

const maxListed = 200;

/** Of a channel, in the order in which they were made. */
export const listRests = async (d1: D1Database, channelId: string): Promise<OpenRest[]> => {
  const { results } = await d1
    .prepare(
      `SELECT number, dedup_key AS dedupKey, rest_due_at AS dueAt, critical FROM deliveries INDEXED BY deliveries_rest
       WHERE channel = ?1 AND rest_due_at IS NOT NULL ORDER BY rest_due_at, number LIMIT ${maxListed}`,
    )
    .bind(channelId)
    .all<OpenRest>();
  return results.sort((a, b) => a.number - b.number);
};

/** Claims a due rest; null where another sender did. */
export const claimRest = async (
  d1: D1Database,
  number: number,
  now: number,
  claimedUntil: number,
): Promise<Claimed | null> => {
  const claim = d1
    .prepare(
      `UPDATE deliveries SET rest_due_at = ?3, attempts = attempts + 1, tried_at = ?2
       WHERE number = ?1 AND rest_due_at <= ?2 AND settled_at IS NOT NULL RETURNING ${claimedColumns}`,
    )
    .bind(number, now, claimedUntil);
  return claimedFrom(await retryWrite(() => claim.first<ClaimedColumns>()), claimedUntil);
};

export interface RestSettlement {
  recipients: readonly RecipientProgress[];
  /** When the rest is tried again; null for never. */
  dueAt: number | null;
  /** Why some recipients failed, for the channel; null where none did. */
  failure: string | null;
}

const countDelivered = (recipients: readonly RecipientProgress[]) =>
  recipients.filter(({ state }) => state === 'delivered').length;

/** Writes an attempt and its consequences, all or nothing. False where its claim had expired, so it decides nothing. */
export const recordRest = async (
  d1: D1Database,
  channelId: string,
  { number, dedupKey, claimedUntil, recipients: before }: Claimed,
  attempt: Attempted,
  { recipients, dueAt, failure }: RestSettlement,
): Promise<boolean> => {
  const statements = [
    insertAttempt(d1, number, attempt),
    d1
      .prepare('UPDATE deliveries SET recipients = ?3, rest_due_at = ?4 WHERE number = ?1 AND rest_due_at = ?2')
      .bind(number, claimedUntil, JSON.stringify(recipients), dueAt),
    // Deliveries that waited for it are due now.
    ...(dueAt === null || countDelivered(recipients) > countDelivered(before)
      ? [
          d1
            .prepare(
              `UPDATE deliveries INDEXED BY deliveries_rest SET rest_due_at = ?4
               WHERE channel = ?1 AND dedup_key = ?2 AND number > ?3 AND rest_due_at > ?4`,
            )
            .bind(channelId, dedupKey, number, attempt.at),
        ]
      : []),
    ...(failure === null
      ? []
      : [
          d1
            .prepare('UPDATE channels SET failing_since = ifnull(failing_since, ?2), failure = ?3 WHERE id = ?1')
            .bind(channelId, attempt.at, failure),
        ]),
  ];
  const [, update] = await retryWrite(() => d1.batch(statements));
  return update?.meta.changes === 1;
};

/** Quiet hours defer the rest like any delivery. */
export const holdRests = async (d1: D1Database, numbers: readonly number[], until: number): Promise<void> => {
  await d1
    .prepare(
      'UPDATE deliveries SET rest_due_at = ?2 WHERE number IN (SELECT value FROM json_each(?1)) AND rest_due_at < ?2',
    )
    .bind(JSON.stringify(numbers), until)
    .run();
};

/** The deliveries of a deleted channel end. */
export const endRests = async (d1: D1Database, channelId: string): Promise<void> => {
  await d1
    .prepare(
      `UPDATE deliveries INDEXED BY deliveries_rest SET rest_due_at = NULL
       WHERE channel = ?1 AND rest_due_at IS NOT NULL`,
    )
    .bind(channelId)
    .run();
};

/**
 * Reminders of an outage may continue for months; the first and the newest messages show which recipients missed its beginning.
 */
const maxEnd = 100;

const endOf = (order: 'ASC' | 'DESC') =>
  `SELECT * FROM (SELECT number, event, recipients, settled_at IS NULL OR rest_due_at IS NOT NULL AS isOpen FROM deliveries
     WHERE dedup_key = ?1 AND channel = ?2 AND number < ?3 ORDER BY number ${order} LIMIT ${maxEnd})`;

/** Nobody waits for the rest of a message that was suppressed while it was tried. */
const notTried = 'The message was suppressed.';

/**
 * The earlier messages of a deduplication key that did not reach all recipients of the channel, oldest first; of a long list
 * both ends.
 */
export const listPartial = async (
  d1: D1Database,
  channelId: string,
  { dedupKey, number }: Pick<Claimed, 'dedupKey' | 'number'>,
): Promise<{ event: Claimed['event']; recipients: RecipientProgress[] | null }[]> => {
  const { results } = await d1
    .prepare(
      `SELECT DISTINCT number, event, recipients, isOpen FROM (${endOf('ASC')} UNION ALL ${endOf('DESC')})
       WHERE recipients IS NOT NULL OR event IN (SELECT value FROM json_each(?4)) ORDER BY number`,
    )
    .bind(dedupKey, channelId, number, JSON.stringify(closings))
    .all<{ event: Claimed['event']; recipients: string | null; isOpen: 0 | 1 }>();
  return results.map(({ event, recipients, isOpen }) => {
    const known = recipients === null ? null : (JSON.parse(recipients) as RecipientProgress[]);
    return { event, recipients: known && isOpen === 0 ? giveUp(known, 'suppressed', notTried) : known };
  });
};
