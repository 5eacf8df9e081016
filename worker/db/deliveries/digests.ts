import type { Sent, SentDigest } from '../../domain/delivery/sending.ts';
import { closings, type DeliveryEvent, outages, problems } from '../../domain/escalation/events.ts';
import { PharosError } from '../../errors.ts';
import type { OpenDelivery, OutboxChannel } from './outbox.ts';
import type { Settlement } from './settlement.ts';

/** Digests are deliveries themselves, with the event `digest`: they are claimed, tried and recorded like any other. */

/** The single deliveries that a channel tried since `since` (ms), whatever the result: the latest hundred. */
export const listSent = async (d1: D1Database, channelId: string, since: number): Promise<Sent[]> => {
  const { results } = await d1
    .prepare(
      `SELECT number, tried_at AS at FROM deliveries
       WHERE channel = ?1 AND tried_at >= ?2 AND event <> 'digest' ORDER BY tried_at DESC LIMIT 100`,
    )
    .bind(channelId, since)
    .all<Sent>();
  return results;
};

export type OpenDigest = SentDigest & Pick<OpenDelivery, 'critical' | 'heldUntil'>;

/** The digests of a channel that are open, or were tried since `since` (ms). */
export const listDigests = async (d1: D1Database, channelId: string, since: number): Promise<OpenDigest[]> => {
  const { results } = await d1
    .prepare(
      `SELECT number, created_at AS createdAt, tried_at AS triedAt,
         iif(settled_at IS NULL, next_attempt_at, NULL) AS dueAt, critical, held_until AS heldUntil
       FROM deliveries WHERE channel = ?1 AND event = 'digest' AND (settled_at IS NULL OR tried_at >= ?2)
       ORDER BY number`,
    )
    .bind(channelId, since)
    .all<OpenDigest>();
  return results;
};

/** A digest as people see it. */
export interface DigestRow {
  id: string;
  number: number;
  createdAt: number;
  /** How many deliveries it contains. */
  alerts: number;
  channel: string;
  /** Null where the channel is deleted. */
  channelName: string | null;
  channelKind: string | null;
}

/** Throws `not_found`, for another team's digest as well. Reads three rows. */
export const getDigest = async (d1: D1Database, { teamId, id }: { teamId: string; id: string }): Promise<DigestRow> => {
  const row = await d1
    .prepare(
      `SELECT g.id, g.number, g.created_at AS createdAt, g.message ->> '$.alerts' AS alerts, g.channel,
         c.name AS channelName, c.kind AS channelKind
       FROM deliveries AS g LEFT JOIN channels AS c ON c.id = g.channel
       WHERE g.id = ?1 AND g.team_id = ?2 AND g.event = 'digest'`,
    )
    .bind(id, teamId)
    .first<DigestRow>();
  if (!row) throw new PharosError('not_found', 'No such digest exists. Digests are deleted with their deliveries.');
  return row;
};

/** A delivery as a digest counts it. */
export interface Member {
  number: number;
  dedupKey: string;
  event: DeliveryEvent;
  /** As messages name it (alerts/messages/message.ts). */
  said: string;
  since: number;
  /** It was deferred until quiet hours ended. */
  wasHeld: 0 | 1;
}

/** Rows in one answer of the database, each of about 150 bytes. */
const membersPerPage = 1_000;

/** In their order. */
export const listMembers = async (d1: D1Database, numbers: readonly number[]): Promise<Member[]> => {
  const listed: Member[] = [];
  for (let i = 0; i < numbers.length; i += membersPerPage) {
    const { results } = await d1
      .prepare(
        `SELECT d.number, d.dedup_key AS dedupKey, d.event, d.message ->> '$.event' AS said, d.message ->> '$.since' AS since,
           d.held_until IS NOT NULL AS wasHeld
         FROM json_each(?1) AS n JOIN deliveries AS d ON d.number = n.value`,
      )
      .bind(JSON.stringify(numbers.slice(i, i + membersPerPage)))
      .all<Member>();
    listed.push(...results);
  }
  return listed.sort((a, b) => a.number - b.number);
};

/** A delivery as a digest names it. */
export interface NamedMember {
  dedupKey: string;
  said: string;
  id: string;
  name: string;
  url: string;
  since: number;
  durationMs: number | null;
  /** JSON: how that time counts. */
  counted: string | null;
  cause: string | null;
  teamName: string;
  timeZone: string;
}

/** For the few that the digest names. */
export const nameMembers = async (d1: D1Database, numbers: readonly number[]): Promise<NamedMember[]> => {
  const { results } = await d1
    .prepare(
      `SELECT d.dedup_key AS dedupKey, d.message ->> '$.event' AS said, d.message ->> '$.monitor.id' AS id,
         d.message ->> '$.monitor.name' AS name, d.message ->> '$.monitor.url' AS url,
         d.message ->> '$.since' AS since, d.message ->> '$.durationMs' AS durationMs,
         d.message ->> '$.counted' AS counted, d.message ->> '$.cause' AS cause,
         d.message ->> '$.teamName' AS teamName, d.message ->> '$.timeZone' AS timeZone
       FROM json_each(?1) AS n JOIN deliveries AS d ON d.number = n.value ORDER BY n.key`,
    )
    .bind(JSON.stringify(numbers))
    .all<NamedMember>();
  return results;
};

/** Name of the channel's latest digest, where it was made since `since` (ms) and contains an open problem. */
export const readOpenDigest = (d1: D1Database, channelId: string, since: number): Promise<string | null> =>
  d1
    .prepare(
      `SELECT dedup_key FROM (SELECT dedup_key, state, message, created_at FROM deliveries
         WHERE channel = ?1 AND event = 'digest' ORDER BY number DESC LIMIT 1)
       WHERE created_at >= ?2 AND state <> 'failed' AND message ->> '$.stillOpen' > 0`,
    )
    .bind(channelId, since)
    .first<string>('dedup_key');

/**
 * Number of open problems in digests of a name, or in the coming digest of `numbers`; and how many of these are outages. A
 * digest that is still being tried does not count: if it failed, nobody would close the incident that the others opened; if it
 * is delivered, it opens the incident again, and the recoveries of its problems close it.
 */
export const countStillOpen = async (
  d1: D1Database,
  { channelId, digestId, numbers }: { channelId: string; digestId: string; numbers: readonly number[] },
): Promise<{ stillOpen: number; stillDown: number }> => {
  const row = await d1
    .prepare(
      `WITH notified AS (
         SELECT d.number, d.dedup_key, d.event FROM json_each(?3) AS n CROSS JOIN deliveries AS d ON d.number = n.value
         UNION ALL
         SELECT d.number, d.dedup_key, d.event FROM deliveries AS g CROSS JOIN deliveries AS d ON d.digest = g.number
         WHERE g.dedup_key = ?2 AND g.channel = ?1 AND g.event = 'digest' AND g.state = 'delivered'),
       latest AS (
         SELECT dedup_key, event, max(number) AS number FROM notified
         WHERE event IN (SELECT value FROM json_each(?4)) GROUP BY dedup_key)
       SELECT count(*) AS stillOpen, count(iif(event IN (SELECT value FROM json_each(?5)), 1, NULL)) AS stillDown
       FROM latest WHERE NOT EXISTS (
         SELECT 1 FROM deliveries AS c WHERE c.dedup_key = latest.dedup_key AND c.channel = ?1 AND c.number > latest.number
           AND c.event IN (SELECT value FROM json_each(?6)))`,
    )
    .bind(channelId, digestId, ...[numbers, problems, outages, closings].map((list) => JSON.stringify(list)))
    .first<{ stillOpen: number; stillDown: number }>();
  return row ?? { stillOpen: 0, stillDown: 0 };
};

export interface NewDigest {
  id: string;
  /** Shared by the digests of one wave; a stateful receiver has one incident for it. */
  digestId: string;
  /** DigestMessage (alerts/messages/message.ts). */
  message: unknown;
  numbers: readonly number[];
  at: number;
}

/** Nobody else may try a member; its digest decides when. */
const never = 8_640_000_000_000_000;

/** Writes a digest together with its members, all or nothing: nothing where a member has changed meanwhile. */
export const createDigest = async (
  d1: D1Database,
  { id: channel, teamId }: OutboxChannel,
  { id, digestId, message, numbers, at }: NewDigest,
): Promise<void> => {
  await d1.batch([
    d1
      .prepare(
        `INSERT OR IGNORE INTO deliveries (id, team_id, monitor, dedup_key, channel, event, round, step, state, message,
           created_at, next_attempt_at, critical, held_until)
         SELECT ?1, ?2, 0, ?3, ?4, 'digest', 0, 0, 'waiting', ?5, ?6, ?6,
           (SELECT max(d.critical) FROM json_each(?7) AS n JOIN deliveries AS d ON d.number = n.value),
           (SELECT max(d.held_until) FROM json_each(?7) AS n JOIN deliveries AS d ON d.number = n.value)
         WHERE (SELECT count(*) FROM json_each(?7) AS n JOIN deliveries AS d ON d.number = n.value
           WHERE d.settled_at IS NULL AND d.digest IS NULL AND d.next_attempt_at <= ?6) = json_array_length(?7)`,
      )
      .bind(id, teamId, digestId, channel, JSON.stringify(message), at, JSON.stringify(numbers)),
    d1
      .prepare(
        `UPDATE deliveries SET state = 'sending', next_attempt_at = ?3, digest = g.number
         FROM (SELECT number FROM deliveries WHERE id = ?1) AS g
         WHERE deliveries.number IN (SELECT value FROM json_each(?2)) AND settled_at IS NULL AND digest IS NULL`,
      )
      .bind(id, JSON.stringify(numbers), never),
  ]);
};

/** The members take over the state of their digest, and each incident's timeline records it. */
export const settleMembers = (
  d1: D1Database,
  digest: number,
  { state, at }: Pick<Settlement, 'state' | 'at'>,
  { id, name, kind }: OutboxChannel,
): D1PreparedStatement[] => [
  d1
    .prepare(
      `UPDATE deliveries SET state = ?2, settled_at = ?3, next_attempt_at = ?3
       WHERE digest = ?1 AND settled_at IS NULL
         AND EXISTS (SELECT 1 FROM deliveries AS g WHERE g.number = ?1 AND g.settled_at = ?3)`,
    )
    .bind(digest, state, at),
  d1
    .prepare(
      `INSERT OR IGNORE INTO incident_events (incident, at, kind, key, detail)
       SELECT i.id, ?2, ?3, d.id, json_object('channel', json(?4), 'event', d.event)
       FROM deliveries AS d JOIN incidents AS i ON i.id = d.incident WHERE d.digest = ?1 AND d.settled_at = ?2`,
    )
    .bind(digest, at, state === 'delivered' ? 'notified' : 'notification-failed', JSON.stringify({ id, name, kind })),
];

/** The digest in which the delivery `id` failed is tried again, and its members wait for it as before. */
export const reopenMembers = (d1: D1Database, id: string) =>
  d1
    .prepare(
      `UPDATE deliveries SET state = 'sending', settled_at = NULL, next_attempt_at = ?2
       WHERE digest = (SELECT g.number FROM deliveries AS d JOIN deliveries AS g ON g.number = d.digest
         WHERE d.id = ?1 AND g.settled_at IS NULL) AND state = 'failed'`,
    )
    .bind(id, never);
