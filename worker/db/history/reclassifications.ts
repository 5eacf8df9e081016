import { and, desc, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import {
  type CreateReclassification,
  maxReclassifiedMs,
  overlapProblem,
  reclassifiedSpanProblems,
} from '../../domain/history/reclassification.ts';
import type { Reclassified, Span } from '../../domain/history/uptime.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import type { MonitorRow } from '../monitors/monitorRow.ts';
import { type ActOnMonitor, getMonitor } from '../monitors/monitors.ts';
import { incidentEvents, monitors, reclassifications, users } from '../schema.ts';

/** Limit of active reclassifications: more are probably a faulty script. */
const maxReclassifications = 1_000;

const revokers = alias(users, 'revokers');

const select = (db: Database) =>
  db
    .select({ ...getTableColumns(reclassifications), authorEmail: users.email, revokedByEmail: revokers.email })
    .from(reclassifications)
    .leftJoin(users, eq(users.id, reclassifications.author))
    .leftJoin(revokers, eq(revokers.id, reclassifications.revokedBy));

export type ReclassificationRow = Awaited<ReturnType<ReturnType<typeof select>['all']>>[number];

/** The reclassifications of a monitor, latest time first, revoked ones included; `before` is where the previous page ended. */
export const listReclassifications = (
  db: Database,
  { monitor, before, limit }: { monitor: number; before?: { from: number; id: string } | undefined; limit: number },
): Promise<ReclassificationRow[]> =>
  select(db)
    .where(
      and(
        eq(reclassifications.monitor, monitor),
        before && sql`(${reclassifications.from}, ${reclassifications.id}) < (${before.from}, ${before.id})`,
      ),
    )
    .orderBy(desc(reclassifications.from), desc(reclassifications.id))
    .limit(limit)
    .all();

export type ReclassifiedRow = Reclassified & { monitor: number };

/** The active reclassifications in `[from, to)`, ascending, per monitor. */
export const selectReclassified = (db: Database, { numbers, from, to }: Span & { numbers: readonly number[] }) =>
  db.all<ReclassifiedRow>(
    sql`SELECT r.monitor, r.id, r.from_at AS "from", r.to_at AS "to", r."as"
        FROM json_each(${JSON.stringify(numbers)}) AS wanted CROSS JOIN reclassifications AS r
        WHERE r.monitor = wanted.value AND r.revoked_at IS NULL
          AND r.from_at > ${from - maxReclassifiedMs - 1} AND r.from_at < ${to} AND r.to_at > ${from}
        ORDER BY r.monitor, r.from_at`,
  );

type Act = ActOnMonitor & { input: CreateReclassification };

/**
 * Reclassifies a past time of a monitor from now on. Overlaps are refused inside the one statement that writes it, so that only
 * one of two simultaneous calls succeeds. Throws `not_found`; `invalid_request`; `conflict` where it overlaps.
 */
export const insertReclassification = async (services: Services, { userId, input, ...own }: Act) => {
  const { db } = services;
  const monitor = await getMonitor(db, own);
  refuseSpan(monitor, input, services.now());
  const [id, now] = [newId('rcl'), services.now()];
  const { from, to, as, reason } = input;
  const insert = db.insert(reclassifications).select(
    sql`SELECT ${id}, team_id, number, ${from}, ${to}, ${as}, ${reason}, ${userId}, ${now}, NULL, NULL FROM monitors
        WHERE number = ${monitor.number} AND NOT EXISTS (SELECT 1 FROM reclassifications AS other WHERE
            other.monitor = number AND other.revoked_at IS NULL AND other.from_at < ${to} AND other.to_at > ${from})
          AND (SELECT count(*) FROM reclassifications AS other
            WHERE other.monitor = number AND other.revoked_at IS NULL) < ${maxReclassifications}`,
  );
  const written = sql`EXISTS (SELECT 1 FROM reclassifications AS r WHERE r.id = ${id})`;
  const detail = { reason, reclassification: { id, as, from, to } };
  await db.batch([
    insert,
    noteOnIncidents(db, { kind: 'reclassified', id, userId, now }),
    recordDone(
      db,
      { author: userId, at: now, action: 'reclassification.created', detail },
      and(eq(monitors.number, monitor.number), written),
    ),
  ]);
  const row = await find(db, monitor, id);
  if (row) return row;
  await getMonitor(db, own);
  await refuseOverlap(db, monitor, input);
  throw new PharosError('conflict', `A monitor can have at most ${maxReclassifications} reclassifications.`);
};

/**
 * Revokes a reclassification: the time counts as before. The reclassification stays visible, with its revoker. A revoked one
 * stays as it is: `changed` is false. Throws `not_found`.
 */
export const recordRevocation = async (services: Services, { userId, reclassification: id, ...own }: Revoke) => {
  const { db } = services;
  const monitor = await getMonitor(db, own);
  const before = await find(db, monitor, id);
  if (!before) throw new PharosError('not_found', 'No such reclassification exists.');
  const now = services.now();
  const { from, to, as, reason } = before;
  const counts = sql`EXISTS (SELECT 1 FROM reclassifications AS r WHERE r.id = ${id} AND r.revoked_at IS NULL)`;
  const detail = { reason, reclassification: { id, as, from, to } };
  const [, , written] = await db.batch([
    noteOnIncidents(db, { kind: 'reclassification-revoked', id, userId, now }),
    recordDone(
      db,
      { author: userId, at: now, action: 'reclassification.revoked', detail },
      and(eq(monitors.number, monitor.number), counts),
    ),
    db
      .update(reclassifications)
      .set({ revokedAt: now, revokedBy: userId })
      .where(and(eq(reclassifications.id, id), isNull(reclassifications.revokedAt))),
  ]);
  const row = await find(db, monitor, id);
  if (!row) throw new PharosError('not_found', 'No such reclassification exists.');
  return { row, changed: written.meta.changes > 0 };
};

type Revoke = ActOnMonitor & { reclassification: string };

/** Throws `invalid_request` for a time that cannot be reclassified, `conflict` for one that already is. */
export const refuseReclassification = async (services: Services, monitor: MonitorRow, span: Span): Promise<void> => {
  refuseSpan(monitor, span, services.now());
  await refuseOverlap(services.db, monitor, span);
};

const refuseSpan = ({ createdAt }: MonitorRow, span: Span, now: number) => {
  const problems = reclassifiedSpanProblems(span, { now, createdAt });
  if (problems.length > 0) throw new PharosError('invalid_request', 'This period cannot be reclassified.', problems);
};

const refuseOverlap = async (db: Database, { number }: MonitorRow, span: Span): Promise<void> => {
  const other = await select(db)
    .where(
      and(
        eq(reclassifications.monitor, number),
        isNull(reclassifications.revokedAt),
        sql`${reclassifications.from} < ${span.to} AND ${reclassifications.to} > ${span.from}`,
      ),
    )
    .orderBy(reclassifications.from)
    .limit(1)
    .get();
  if (other)
    throw new PharosError('conflict', 'This period overlaps an existing reclassification.', [
      overlapProblem(span, other),
    ]);
};

const find = (db: Database, { number }: MonitorRow, id: string) =>
  select(db)
    .where(and(eq(reclassifications.id, id), eq(reclassifications.monitor, number)))
    .get();

interface TimelineNote {
  kind: 'reclassified' | 'reclassification-revoked';
  id: string;
  userId: string;
  now: number;
}

/** Writes into the timelines of the incidents of that time. Only while the reclassification is active. */
const noteOnIncidents = (db: Database, { kind, id, userId, now }: TimelineNote) =>
  db
    .insert(incidentEvents)
    .select(
      sql`SELECT i.id, ${now}, ${kind}, r.id, ${userId},
            json_object('text', r.reason, 'reclassified', json_object('as', r."as", 'from', r.from_at, 'to', r.to_at))
          FROM reclassifications AS r JOIN incidents AS i ON i.monitor = r.monitor AND i.started_at < r.to_at
            AND (i.ended_at IS NULL OR i.ended_at > r.from_at)
          WHERE r.id = ${id} AND r.revoked_at IS NULL`,
    )
    .onConflictDoNothing();
