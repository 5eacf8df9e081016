import { deliveryKey } from '../../domain/escalation/delivery.ts';
import type { ChannelEvent } from '../../domain/escalation/events.ts';
import { nobodyRemains } from './recipients.ts';

/** Channels that keep failing, and the notifications of their teams. Times are ms since the epoch. */

const maxCounted = 1_000;
const maxNotified = 200;
/** A mail server that is down affects many channels: the remaining ones follow a minute later. */
const maxNotifiedPerTeam = 5;
const minAttempts = 3;

/** Number of failing channels of all teams. */
export const countFailingChannels = async (d1: D1Database): Promise<number> =>
  (await d1
    .prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM channels
         WHERE failure_notified_at IS NOT NULL AND failing_since IS NOT NULL LIMIT ${maxCounted})`,
    )
    .first<number>('n')) ?? 0;

/** A test was delivered: the channel no longer fails. */
export const noteArrival = async (d1: D1Database, channelId: string, at: number): Promise<void> => {
  await d1
    .prepare('UPDATE channels SET delivered_at = ?2, failing_since = NULL, failure = NULL WHERE id = ?1')
    .bind(channelId, at)
    .run();
};

interface NotifiedChannel {
  id: string;
  teamId: string;
  name: string;
  kind: string;
  teamName: string;
  timeZone: string;
  /** Time of the first notification of this failure; together with the channel it forms the deduplication key. */
  notifiedAt: number;
}

export interface FailingChannel extends NotifiedChannel {
  failingSince: number;
  failure: string | null;
  /** 1 where a channel fails for some of its recipients only; else 0. */
  isPartial: number;
  /** Another working channel of the team; null where there is none. */
  through: string | null;
}

/** Deduplication key of one failure of a channel. In SQL: `dedupKeyColumn`. */
const dedupKeyOf = ({ id, notifiedAt }: Pick<NotifiedChannel, 'id' | 'notifiedAt'>) => `${id}-${notifiedAt}`;
const dedupKeyColumn = `c.id || '-' || c.failure_notified_at`;

/** A notification of the failure was delivered, or is on its way. */
const isNotified = `EXISTS (SELECT 1 FROM deliveries WHERE dedup_key = ${dedupKeyColumn} AND event = 'channel-failing'
  AND state NOT IN ('failed', 'suppressed'))`;

/** The first channel of the default policy, else the oldest; never one that was tried for this failure before. */
const through = `(SELECT other.id FROM channels AS other
  WHERE other.team_id = c.team_id AND other.id <> c.id AND other.failing_since IS NULL
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE dedup_key = ${dedupKeyColumn} AND channel = other.id)
  ORDER BY ifnull((SELECT min(step.key * 1000 + target.key)
      FROM escalation_policies AS p, json_each(p.steps) AS step, json_each(step.value, '$.targets') AS target
      WHERE p.team_id = c.team_id AND p.is_default = 1
        AND target.value ->> 'type' = 'channel' AND target.value ->> 'id' = other.id), 1000000000),
    other.created_at, other.id LIMIT 1)`;

/**
 * Channels that keep failing, of which the team was not notified: since `before` and in three attempts or more, or with a failed
 * delivery. Where the notification itself failed, the next channel is used, as long as there is one.
 */
export const listFailingChannels = async (d1: D1Database, before: number, now: number): Promise<FailingChannel[]> => {
  const { results } = await d1
    .prepare(
      `WITH failing AS MATERIALIZED (
         SELECT c.*, ${through} AS through FROM channels AS c
         WHERE c.failing_since IS NOT NULL AND NOT ${isNotified}
           AND (c.failure_notified_at IS NULL OR EXISTS (SELECT 1 FROM deliveries WHERE dedup_key = ${dedupKeyColumn}))
           AND (${nobodyRemains('?2')} OR EXISTS (SELECT 1 FROM deliveries AS d
               WHERE d.channel = c.id AND d.tried_at >= c.failing_since
                 AND (d.state = 'failed' OR d.recipients LIKE '%"permanent"%'))
             OR (c.failing_since <= ?1 AND (SELECT count(*) FROM (
                 SELECT 1 FROM deliveries AS d JOIN delivery_attempts AS a ON a.delivery = d.number
                 WHERE d.channel = c.id AND d.tried_at >= c.failing_since AND a.at >= c.failing_since
                 LIMIT ${minAttempts})) = ${minAttempts}))),
       placed AS (SELECT *, row_number() OVER (PARTITION BY team_id ORDER BY failing_since, id) AS place
         FROM failing WHERE failure_notified_at IS NULL OR through IS NOT NULL)
       SELECT f.id, f.team_id AS teamId, f.name, f.kind, f.failing_since AS failingSince, f.failure, f.through,
         EXISTS (SELECT 1 FROM deliveries AS d WHERE d.channel = f.id AND d.tried_at >= f.failing_since
           AND d.state = 'delivered' AND d.recipients LIKE '%"permanent"%') AS isPartial,
         ifnull(f.failure_notified_at, ?2) AS notifiedAt, t.name AS teamName, t.time_zone AS timeZone
       FROM placed AS f JOIN teams AS t ON t.id = f.team_id
       WHERE f.place <= ${maxNotifiedPerTeam} ORDER BY f.failing_since LIMIT ${maxNotified}`,
    )
    .bind(before, now)
    .all<FailingChannel>();
  return results;
};

export interface WorkingChannel extends NotifiedChannel {
  failingSince: number;
  deliveredAt: number;
  /**
   * The channels through which the team was notified of the failure, is being notified, or can be notified by hand after a
   * failed delivery.
   */
  through: string[];
}

/** Channels that work again and whose failure the team was notified of. */
export const listWorkingChannels = (d1: D1Database): Promise<WorkingChannel[]> =>
  read(d1.prepare(notifiedChannels('c.failing_since IS NULL')));

/** The channel, if the team was notified of its failure, whether it works again or not. */
export const listNotifiedChannel = (
  d1: D1Database,
  { teamId, id }: { teamId: string; id: string },
): Promise<WorkingChannel[]> => read(d1.prepare(notifiedChannels('c.team_id = ?1 AND c.id = ?2')).bind(teamId, id));

const notifiedChannels = (condition: string) =>
  `SELECT c.id, c.team_id AS teamId, c.name, c.kind, c.failure_notified_at AS notifiedAt, t.name AS teamName,
     t.time_zone AS timeZone, ifnull(c.delivered_at, c.updated_at) AS deliveredAt,
     ifnull((SELECT min(message ->> '$.since') FROM deliveries WHERE dedup_key = ${dedupKeyColumn}), c.failure_notified_at)
       AS failingSince,
     (SELECT json_group_array(channel) FROM deliveries WHERE dedup_key = ${dedupKeyColumn}
       AND event = 'channel-failing' AND state <> 'suppressed') AS through
   FROM channels AS c JOIN teams AS t ON t.id = c.team_id
   WHERE c.failure_notified_at IS NOT NULL AND ${condition} ORDER BY c.failure_notified_at LIMIT ${maxNotified}`;

const read = async (statement: D1PreparedStatement): Promise<WorkingChannel[]> => {
  const { results } = await statement.all<Omit<WorkingChannel, 'through'> & { through: string }>();
  return results.map((row) => ({ ...row, through: JSON.parse(row.through) as string[] }));
};

/** A notification about a channel, sent through another one. */
export interface ChannelNotice {
  about: NotifiedChannel;
  through: string;
  /** ChannelMessage (alerts/messages/message.ts) without the deduplication key. */
  message: object;
}

/**
 * Marks these channels as failing and writes the notifications. Two simultaneous runs notify once: the deliveries are written
 * only for the failure that the row names, and only if no other run notifies of it.
 */
export const notifyFailing = async (
  d1: D1Database,
  channels: readonly NotifiedChannel[],
  notices: readonly ChannelNotice[],
): Promise<void> => {
  await d1.batch([
    d1
      .prepare(
        `UPDATE channels SET failure_notified_at = given.value ->> 'notifiedAt' FROM json_each(?1) AS given
         WHERE channels.id = given.value ->> 'id' AND failing_since IS NOT NULL AND failure_notified_at IS NULL`,
      )
      .bind(JSON.stringify(channels.map(({ id, notifiedAt }) => ({ id, notifiedAt })))),
    insertNotices(d1, 'channel-failing', notices, `c.failing_since IS NOT NULL AND NOT ${isNotified}`),
  ]);
};

/** Clears the failure of these channels and writes the notifications of their recovery. */
export const notifyWorking = async (
  d1: D1Database,
  channels: readonly NotifiedChannel[],
  notices: readonly ChannelNotice[],
): Promise<void> => {
  await d1.batch([
    insertNotices(d1, 'channel-working', notices, 'c.failing_since IS NULL'),
    d1
      .prepare(
        `UPDATE channels SET failure_notified_at = NULL FROM json_each(?1) AS given
         WHERE channels.id = given.value ->> 'id' AND failing_since IS NULL
           AND failure_notified_at = given.value ->> 'notifiedAt'`,
      )
      .bind(JSON.stringify(channels.map(({ id, notifiedAt }) => ({ id, notifiedAt })))),
  ]);
};

/** The notifications that a failing channel is about to be deleted: its recovery will never be sent. */
export const notifyDeleted = (d1: D1Database, notices: readonly ChannelNotice[]) =>
  insertNotices(d1, 'channel-working', notices, 'TRUE').run();

const isIn = (table: string) =>
  `EXISTS (SELECT 1 FROM ${table} AS other WHERE other.id = n.value ->> 'through' AND other.team_id = c.team_id)`;

/** Critical, so that quiet hours do not defer them: the failed delivery was an alert. */
const insertNotices = (d1: D1Database, event: ChannelEvent, notices: readonly ChannelNotice[], condition: string) =>
  d1
    .prepare(
      `INSERT OR IGNORE INTO deliveries (id, team_id, monitor, dedup_key, channel, event, round, step, state, critical,
         message, created_at, next_attempt_at)
       SELECT n.value ->> 'id', c.team_id, 0, ${dedupKeyColumn}, n.value ->> 'through', ?2, 0, 0, 'waiting', 1,
         n.value -> 'message', n.value ->> 'at', n.value ->> 'at'
       FROM json_each(?1) AS n
         JOIN channels AS c ON c.id = n.value ->> 'about' AND c.failure_notified_at = n.value ->> 'notifiedAt'
       WHERE (${isIn('channels')} OR (?2 = 'channel-working' AND ${isIn('deleted_channels')})) AND ${condition}
       ORDER BY n.key`,
    )
    .bind(JSON.stringify(notices.map((notice) => rowOf(event, notice))), event);

const rowOf = (event: ChannelEvent, { about, through: channelId, message }: ChannelNotice) => {
  const dedupKey = dedupKeyOf(about);
  return {
    id: deliveryKey({ incidentId: dedupKey, event, round: 0, step: 0, channelId }),
    about: about.id,
    notifiedAt: about.notifiedAt,
    through: channelId,
    at: 'at' in message ? message.at : about.notifiedAt,
    message: { ...message, dedupKey },
  };
};
