import { and, eq, notExists, sql } from 'drizzle-orm';
import { closings, openings } from '../../domain/escalation/events.ts';
import type { Database } from '../core/client.ts';
import { prepared } from '../core/prepared.ts';
import { channels, deletedChannels, deliveries } from '../schema.ts';
import { isStateful } from './statefulChannels.ts';

/** With `o`: a problem was sent to the channel, or is being sent, whose recovery has not reached it and still can. */
const awaitsEnd = sql`(o.event IN ${openings} AND o.state IN ('delivered', 'sending') AND NOT EXISTS (
  SELECT 1 FROM deliveries AS c WHERE c.dedup_key = o.dedup_key AND c.channel = o.channel AND c.number > o.number
    AND c.event IN ${closings} AND c.settled_at IS NOT NULL))`;

/**
 * Belongs before the deletion of a channel. A stateful receiver with an open incident still gets the recovery (the outbox
 * suppresses everything else); all waiting deliveries of other channels are suppressed.
 */
export const keepForEnds = (db: Database, own: { teamId: string; id: string }, at: number) => {
  const isOwn = and(eq(channels.id, own.id), eq(channels.teamId, own.teamId));
  const isKept = db.select().from(deletedChannels).where(eq(deletedChannels.id, own.id));
  return [
    // Waiting deliveries are checked again later: a sender in progress does not know yet that the channel is deleted.
    db.insert(deletedChannels).select(
      sql`SELECT id, team_id, kind, name, settings, sealed, ${at}, (SELECT json_group_array(DISTINCT o.dedup_key) FROM deliveries AS o
              WHERE o.channel = channels.id AND (o.settled_at IS NULL OR ${awaitsEnd}))
            FROM channels WHERE ${and(isOwn, sql.raw(isStateful('channels')))}
              AND EXISTS (SELECT 1 FROM deliveries AS o WHERE o.channel = channels.id AND ${awaitsEnd})`,
    ),
    db
      .update(deliveries)
      .set({ state: 'suppressed', settledAt: at })
      .where(and(eq(deliveries.channel, own.id), sql`settled_at IS NULL`, notExists(isKept))),
  ] as const;
};

/**
 * Cancels digests of a deleted channel that contain a new problem and are not being sent: their members become single deliveries
 * again and pass the digest's name on to the digest that contains the remaining ones.
 */
export const dissolveDigests = async (d1: D1Database, channelId: string, at: number): Promise<void> => {
  const isNew = 'event NOT IN (SELECT value FROM json_each(?3))';
  const dissolved = `SELECT g.number FROM deliveries AS g
    WHERE g.channel = ?1 AND g.event = 'digest' AND g.state = 'waiting'
      AND EXISTS (SELECT 1 FROM deliveries WHERE digest = g.number AND ${isNew})`;
  const given = [channelId, at, JSON.stringify(closings)];
  await d1.batch([
    d1
      .prepare(
        `UPDATE deliveries SET state = 'suppressed', settled_at = ?2, id = id || ':' || number WHERE number IN (${dissolved})`,
      )
      .bind(...given),
    d1
      .prepare(
        `UPDATE deliveries SET state = 'waiting', next_attempt_at = ?2, digest = NULL
         WHERE digest IN (SELECT number FROM deliveries WHERE channel = ?1 AND event = 'digest' AND state = 'suppressed')
           AND settled_at IS NULL`,
      )
      .bind(channelId, at),
  ]);
};

/** Deletes the data of deleted channels that have no recovery left to send; once a minute. */
export const purgeOfDeletedChannels = ({ db, d1 }: { db: Database; d1: D1Database }): D1PreparedStatement =>
  prepared(
    d1,
    db.delete(deletedChannels).where(
      sql`NOT EXISTS (SELECT 1 FROM json_each(deleted_channels.dedup_keys) AS s
          CROSS JOIN deliveries AS o ON o.dedup_key = s.value AND o.channel = deleted_channels.id WHERE ${awaitsEnd})
      AND NOT EXISTS (SELECT 1 FROM deliveries WHERE channel = deleted_channels.id AND settled_at IS NULL)`,
    ),
  );
