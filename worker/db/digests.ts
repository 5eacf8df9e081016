import type { Sent } from '../domain/digest.ts';
import type { DeliveryEvent } from '../domain/escalation/events.ts';
import type { OutboxChannel, Settlement } from './outbox.ts';

/** Digests are deliveries themselves, with the event `digest`: they are claimed, tried and recorded like any other. */

/** What a channel tried since `since` (ms), whatever became of it. */
export const listSent = async (d1: D1Database, channelId: string, since: number): Promise<Sent[]> => {
  const { results } = await d1
    .prepare(
      `SELECT tried_at AS at, event = 'digest' AS isDigest FROM deliveries
       WHERE channel = ?1 AND tried_at >= ?2 ORDER BY tried_at DESC LIMIT 100`,
    )
    .bind(channelId, since)
    .all<{ at: number; isDigest: number }>();
  return results.map(({ at, isDigest }) => ({ at, isDigest: isDigest === 1 }));
};

/** The digests of a channel that are not settled. */
export const listOpenDigests = async (
  d1: D1Database,
  channelId: string,
): Promise<{ number: number; nextAttemptAt: number }[]> => {
  const { results } = await d1
    .prepare(
      `SELECT number, next_attempt_at AS nextAttemptAt FROM deliveries
       WHERE channel = ?1 AND settled_at IS NULL AND event = 'digest' ORDER BY number`,
    )
    .bind(channelId)
    .all<{ number: number; nextAttemptAt: number }>();
  return results;
};

/** A delivery as a digest tells it. */
export interface Member {
  number: number;
  story: string;
  event: DeliveryEvent;
  /** As messages name it (alerts/message.ts). */
  said: string;
  id: string;
  name: string;
  url: string;
  since: number;
  teamName: string;
  timeZone: string;
}

export const listMembers = async (d1: D1Database, numbers: readonly number[]): Promise<Member[]> => {
  const { results } = await d1
    .prepare(
      `SELECT d.number, d.story, d.event, d.message ->> '$.event' AS said, d.message ->> '$.monitor.id' AS id,
         d.message ->> '$.monitor.name' AS name, d.message ->> '$.monitor.url' AS url, d.message ->> '$.since' AS since,
         d.message ->> '$.teamName' AS teamName, d.message ->> '$.timeZone' AS timeZone
       FROM json_each(?1) AS n JOIN deliveries AS d ON d.number = n.value ORDER BY d.number`,
    )
    .bind(JSON.stringify(numbers))
    .all<Member>();
  return results;
};

/** The digests of one mass outage: their name, and how many of the monitors that they told as down are down now. */
export const readOpenStory = async (
  d1: D1Database,
  channelId: string,
): Promise<{ digestId: string; stillDown: number } | null> =>
  d1
    .prepare(
      `WITH latest AS (SELECT story FROM deliveries
         WHERE channel = ?1 AND event = 'digest' AND message ->> '$.stillDown' > 0
           AND number = (SELECT max(number) FROM deliveries WHERE channel = ?1 AND event = 'digest'))
       SELECT latest.story AS digestId, count(DISTINCT i.id) AS stillDown
       FROM latest JOIN deliveries AS g ON g.story = latest.story AND g.channel = ?1
         JOIN deliveries AS d ON d.digest = g.number AND d.event IN ('down', 'flapping')
         LEFT JOIN incidents AS i ON i.id = d.incident AND i.resolved_at IS NULL
       GROUP BY latest.story`,
    )
    .bind(channelId)
    .first<{ digestId: string; stillDown: number }>();

export interface NewDigest {
  id: string;
  /** The same for all digests of one mass outage. */
  digestId: string;
  /** DigestMessage (alerts/message.ts). */
  message: unknown;
  numbers: readonly number[];
  at: number;
}

/** A member is nobody else's to try; its digest says when. */
const never = 8_640_000_000_000_000;

/** Keeps a digest together with its members, all or nothing: nothing where one of them has gone another way. */
export const createDigest = async (
  d1: D1Database,
  { id: channel, teamId }: OutboxChannel,
  { id, digestId, message, numbers, at }: NewDigest,
): Promise<void> => {
  await d1.batch([
    d1
      .prepare(
        `INSERT OR IGNORE INTO deliveries (id, team_id, monitor, story, channel, event, round, step, state, message,
           created_at, next_attempt_at)
         SELECT ?1, ?2, 0, ?3, ?4, 'digest', 0, 0, 'waiting', ?5, ?6, ?6
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

/** The members share the fate of their digest, and each incident says so. */
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
    .bind(digest, at, state === 'delivered' ? 'told' : 'not-told', JSON.stringify({ id, name, kind })),
];
