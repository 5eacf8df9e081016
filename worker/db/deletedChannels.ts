import { and, eq, inArray, notExists, type SQL, sql } from 'drizzle-orm';
import { incidentKeepers } from '../domain/channelKind.ts';
import { closings, openings } from '../domain/escalation/events.ts';
import type { Database } from './client.ts';
import { channels, deletedChannels, deliveries } from './schema.ts';

/** Something began there, or just begins, whose end it was not told, and the attempts to tell it go on or are to come. */
const awaitsEnd = (channelId: SQL) => sql`EXISTS (SELECT 1 FROM deliveries AS o
  WHERE o.channel = ${channelId} AND o.event IN ${openings} AND o.state IN ('delivered', 'sending') AND NOT EXISTS (
    SELECT 1 FROM deliveries AS c WHERE c.story = o.story AND c.channel = o.channel AND c.number > o.number
      AND c.event IN ${closings} AND c.settled_at IS NOT NULL))`;

/**
 * What belongs before the deletion of a channel: a receiver with incidents of its own that has one open is still told the
 * end (the outbox leaves out all else); of any other all that waits is not sent any more.
 */
export const keepForEnds = (db: Database, own: { teamId: string; id: string }, at: number) => {
  const isOwn = and(eq(channels.id, own.id), eq(channels.teamId, own.teamId));
  const isKept = db.select().from(deletedChannels).where(eq(deletedChannels.id, own.id));
  return [
    db.insert(deletedChannels).select(
      sql`SELECT id, team_id, kind, name, settings, sealed, ${at} FROM channels
            WHERE ${and(isOwn, inArray(channels.kind, incidentKeepers))} AND ${awaitsEnd(sql`channels.id`)}`,
    ),
    db
      .update(deliveries)
      .set({ state: 'skipped', settledAt: at })
      .where(and(eq(deliveries.channel, own.id), sql`settled_at IS NULL`, notExists(isKept))),
  ] as const;
};

/** Deletes for good what was kept of channels that have nothing left to tell; once a minute. */
export const purgeDeletedChannels = (db: Database) =>
  db.delete(deletedChannels).where(
    sql`NOT ${awaitsEnd(sql`deleted_channels.id`)}
      AND NOT EXISTS (SELECT 1 FROM deliveries WHERE channel = deleted_channels.id AND settled_at IS NULL)`,
  );
