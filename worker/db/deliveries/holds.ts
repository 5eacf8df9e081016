import { and, isNull, sql } from 'drizzle-orm';
import { heldUntil, type QuietHours } from '../../domain/delivery/quietHours.ts';
import type { Database } from '../core/client.ts';
import { deliveries } from '../schema.ts';

/** Deliveries that are deferred until the quiet hours of their channel end. */

interface Hold {
  number: number;
  until: number;
  /** As it was read. */
  critical: 0 | 1;
  heldUntil: number | null;
}

/**
 * Defers deliveries until quiet hours end; after that they are tried for a whole day again. Skips deliveries that changed since
 * they were read, and all of them where a person has changed the channel since. Returns the id of the first.
 */
export const holdDeliveries = async (
  d1: D1Database,
  channel: { id: string; updatedAt: number },
  holds: readonly Hold[],
  now: number,
): Promise<string> => {
  const [, first] = await d1.batch<{ id: string }>([
    d1
      .prepare(
        `UPDATE deliveries SET state = 'waiting', held_until = h.value ->> 'until', next_attempt_at = h.value ->> 'until',
           attempts = 0, tried_since = NULL
         FROM json_each(?1) AS h
         WHERE deliveries.number = h.value ->> 'number' AND settled_at IS NULL AND digest IS NULL
           AND next_attempt_at <= ?2 AND critical = h.value ->> 'critical' AND held_until IS h.value ->> 'heldUntil'
           AND EXISTS (SELECT 1 FROM channels WHERE id = ?3 AND updated_at = ?4)`,
      )
      .bind(
        JSON.stringify(holds.map(({ number, until, critical, heldUntil }) => ({ number, until, critical, heldUntil }))),
        ...[now, channel.id, channel.updatedAt],
      ),
    d1.prepare('SELECT id FROM deliveries WHERE number = ?1').bind(holds[0]?.number ?? 0),
  ]);
  return first?.results[0]?.id ?? '';
};

/**
 * Deliveries that a channel's quiet hours deferred are sent at once, or when the present quiet hours end. Belongs before the
 * change itself, while the channel still has the version `updatedAt`: nothing happens where the change will not take effect.
 */
export const rehold = (
  d1: D1Database,
  { id, quietHours, updatedAt }: { id: string; quietHours: QuietHours | null; updatedAt: number },
  now: number,
): D1PreparedStatement => {
  const until = (isCritical: boolean) => heldUntil(quietHours, now, isCritical) ?? now;
  return d1
    .prepare(
      `UPDATE deliveries SET held_until = iif(critical, ?3, ?4), next_attempt_at = iif(critical, ?3, ?4)
       WHERE channel = ?1 AND settled_at IS NULL AND held_until > ?2 AND digest IS NULL
         AND EXISTS (SELECT 1 FROM channels WHERE id = ?1 AND updated_at = ?5)`,
    )
    .bind(id, now, until(true), until(false), updatedAt);
};

/**
 * Open deliveries of a monitor that has become critical bypass quiet hours that allow it, and so does their digest. Belongs
 * behind the change itself: nothing happens where the change did not take effect.
 */
export const releaseCritical = (db: Database, number: number, now: number) => {
  const isLet = sql`${deliveries.heldUntil} > ${now} AND EXISTS (
    SELECT 1 FROM channels AS c WHERE c.id = ${deliveries.channel} AND c.quiet_hours ->> '$.exceptCritical')`;
  const own = sql`SELECT number FROM deliveries WHERE monitor = ${number} AND settled_at IS NULL
    UNION SELECT digest FROM deliveries WHERE monitor = ${number} AND settled_at IS NULL`;
  return db
    .update(deliveries)
    .set({
      critical: true,
      heldUntil: sql`iif(${isLet}, ${now}, ${deliveries.heldUntil})`,
      nextAttemptAt: sql`iif(${isLet} AND ${deliveries.digest} IS NULL, ${now}, ${deliveries.nextAttemptAt})`,
    })
    .where(
      and(
        isNull(deliveries.settledAt),
        sql`${deliveries.number} IN (${own})`,
        sql`EXISTS (SELECT 1 FROM monitors WHERE number = ${number} AND critical = 1)`,
      ),
    );
};

/** The channels with deliveries of a monitor to send. */
export const listOpenChannels = async (d1: D1Database, monitor: number): Promise<string[]> => {
  const { results } = await d1
    .prepare('SELECT DISTINCT channel FROM deliveries WHERE monitor = ?1 AND settled_at IS NULL')
    .bind(monitor)
    .all<{ channel: string }>();
  return results.map(({ channel }) => channel);
};

/**
 * By hand: sends a deferred delivery, or its digest, at once, with the deliveries that must precede it. False where none is
 * deferred.
 */
export const releaseHeld = async (
  d1: D1Database,
  { teamId, id }: { teamId: string; id: string },
  now: number,
): Promise<boolean> => {
  const { meta } = await d1
    .prepare(
      `UPDATE deliveries SET held_until = ?3, next_attempt_at = ?3
       FROM (SELECT dedup_key, channel, number FROM deliveries WHERE settled_at IS NULL AND held_until > ?3
             AND number = (SELECT ifnull(digest, number) FROM deliveries WHERE id = ?1 AND team_id = ?2)) AS asked
       WHERE deliveries.dedup_key = asked.dedup_key AND deliveries.channel = asked.channel AND deliveries.number <= asked.number
         AND settled_at IS NULL AND held_until > ?3 AND digest IS NULL`,
    )
    .bind(id, teamId, now)
    .run();
  return meta.changes > 0;
};
