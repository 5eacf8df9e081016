import type { QuietHours } from '../../domain/delivery/quietHours.ts';
import type { DeliveryState } from '../../domain/escalation/delivery.ts';
import { closings, type NotificationEvent, openings } from '../../domain/escalation/events.ts';

/** The deliveries that an outbox (objects/outbox.ts) has to send. Their results: db/deliveries/attempts.ts. */

export interface OutboxChannel {
  id: string;
  teamId: string;
  kind: string;
  name: string;
  shown: Record<string, unknown>;
  sealed: string | null;
  quietHours: QuietHours | null;
  /** The author of a setting. */
  updatedAt: number;
  /** The last attempt failed. */
  isFailing: boolean;
  /** The channel is deleted for people, and gets recoveries only. */
  isDeleted: boolean;
}

/** Null where nothing is sent through the channel any more. */
export const readChannel = async (d1: D1Database, id: string): Promise<OutboxChannel | null> => {
  const row = await d1
    .prepare(
      `SELECT id, team_id AS teamId, kind, name, settings, sealed, quiet_hours AS quietHours, updated_at AS updatedAt,
         failing_since AS failingSince, 0 AS isDeleted
       FROM channels WHERE id = ?1
       UNION ALL SELECT id, team_id, kind, name, settings, sealed, NULL, deleted_at, NULL, 1
       FROM deleted_channels WHERE id = ?1`,
    )
    .bind(id)
    .first<ChannelColumns>();
  if (!row) return null;
  const { settings, quietHours, failingSince, isDeleted, ...channel } = row;
  return {
    ...channel,
    isFailing: failingSince !== null,
    isDeleted: isDeleted === 1,
    shown: JSON.parse(settings) as Record<string, unknown>,
    quietHours: quietHours === null ? null : (JSON.parse(quietHours) as QuietHours),
  };
};

interface ChannelColumns extends Omit<OutboxChannel, 'shown' | 'isFailing' | 'isDeleted' | 'quietHours'> {
  settings: string;
  quietHours: string | null;
  failingSince: number | null;
  isDeleted: 0 | 1;
}

export interface OpenDelivery {
  number: number;
  dedupKey: string;
  event: NotificationEvent;
  state: DeliveryState;
  /** Times are ms since the epoch. */
  createdAt: number;
  settledAt: number | null;
  /** Of one that is being sent: when its claim ends. */
  nextAttemptAt: number;
  /** When its last attempt under its own id began; null before the first. */
  triedAt: number | null;
  critical: 0 | 1;
  /** Until when quiet hours defer it, or did last. */
  heldUntil: number | null;
  /** Name of its digest. */
  digestId: string | null;
}

/** Incidents in one answer of the database, each of a few rows of about 150 bytes: a small part of what a Worker may hold. */
const dedupKeysPerPage = 1_000;

/**
 * The deliveries of the deduplication keys with something to send through this channel, in their order. Settled ones are
 * included only if they decide about later ones: those that began or ended a problem. Limited to a number of keys, the first due
 * ones: the others follow.
 */
export const listOpenDeliveries = async (
  d1: D1Database,
  channelId: string,
  maxDedupKeys: number,
): Promise<OpenDelivery[]> => {
  // Between two answers a new delivery may move a key to the next.
  const listed = new Map<number, OpenDelivery>();
  for (let dedupKeys = 0; dedupKeys < maxDedupKeys; dedupKeys += dedupKeysPerPage) {
    const page = await listPage(d1, channelId, Math.min(dedupKeysPerPage, maxDedupKeys - dedupKeys), dedupKeys);
    for (const one of page) listed.set(one.number, one);
    if (page.length < dedupKeysPerPage) break;
  }
  return [...listed.values()].sort((a, b) => a.number - b.number);
};

const listPage = async (d1: D1Database, channelId: string, limit: number, offset: number): Promise<OpenDelivery[]> => {
  const { results } = await d1
    .prepare(
      `WITH open AS MATERIALIZED (
         SELECT dedup_key FROM deliveries
         WHERE channel = ?1 AND settled_at IS NULL AND digest IS NULL AND event <> 'digest'
         GROUP BY dedup_key ORDER BY min(next_attempt_at), min(number) LIMIT ?2 OFFSET ?3)
       SELECT d.number, d.dedup_key AS dedupKey, d.event, d.state, d.created_at AS createdAt, d.settled_at AS settledAt,
         d.next_attempt_at AS nextAttemptAt, d.tried_at AS triedAt, d.critical, d.held_until AS heldUntil, g.dedup_key AS digestId
       FROM open CROSS JOIN deliveries AS d ON d.dedup_key = open.dedup_key AND d.channel = ?1
         LEFT JOIN deliveries AS g ON g.number = d.digest
       WHERE d.settled_at IS NULL OR d.event IN (SELECT value FROM json_each(?4))`,
    )
    .bind(channelId, limit, offset, JSON.stringify([...openings, ...closings]))
    .all<OpenDelivery>();
  return results;
};

/**
 * Suppresses deliveries that will never be sent, except a recovery whose problem somebody has sent again since the decision.
 * Returns the id of one of them; null where there was none any more.
 */
export const skipDeliveries = async (
  d1: D1Database,
  numbers: readonly number[],
  now: number,
): Promise<string | null> => {
  const suppressed = await d1
    .prepare(
      `UPDATE deliveries SET state = 'suppressed', settled_at = ?2
       WHERE number IN (SELECT value FROM json_each(?1)) AND state = 'waiting'
         AND NOT (event IN (SELECT value FROM json_each(?3)) AND EXISTS (SELECT 1 FROM deliveries AS p
           WHERE p.dedup_key = deliveries.dedup_key AND p.channel = deliveries.channel AND p.number < deliveries.number
             AND p.settled_at IS NULL))
       RETURNING id`,
    )
    .bind(JSON.stringify(numbers), now, JSON.stringify(closings))
    .first<{ id: string }>();
  return suppressed?.id ?? null;
};

const maxOverdue = 500;

/**
 * Channels with deliveries that were due before `before` (ms) and were not tried. `+` keeps SQLite from scanning all open
 * deliveries by channel: many are deferred and not due. Teams take turns, so that none waits behind the channels of another that
 * are always late.
 */
export const listOverdueChannels = async (d1: D1Database, before: number): Promise<string[]> => {
  const { results } = await d1
    .prepare(
      `SELECT channel FROM (
         SELECT DISTINCT +channel AS channel, team_id FROM deliveries WHERE settled_at IS NULL AND next_attempt_at < ?1
         UNION SELECT channel, team_id FROM deliveries INDEXED BY deliveries_rest_due WHERE rest_due_at < ?1)
       ORDER BY row_number() OVER (PARTITION BY team_id ORDER BY random()), random() LIMIT ${maxOverdue}`,
    )
    .bind(before)
    .all<{ channel: string }>();
  return results.map(({ channel }) => channel);
};
