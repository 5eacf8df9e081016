import { and, eq, ne, type SQL, sql } from 'drizzle-orm';
import type { Verdict } from '../../domain/history/uptime.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import { cohortWithRoom, ensureCohort, followCohort } from '../checks/cohorts.ts';
import type { Database } from '../core/client.ts';
import { updateUnchanged } from '../core/updateUnchanged.ts';
import { incidentEvents, monitors } from '../schema.ts';
import { guardChecks, withinLimits } from '../teams/limits.ts';
import { recordSetVerdict } from '../verdicts/verdictChanges.ts';
import type { MonitorRow } from './monitorRow.ts';
import { type ActOnMonitor, getMonitor } from './monitors.ts';

/** `changed` is false where the monitor already had the wanted state. */
type Switched = Promise<{ monitor: MonitorRow; changed: boolean }>;

/**
 * Stops checking. An open incident stays open, since a pause is no evidence about the target: its escalation stops until the
 * monitor is resumed or somebody resolves it. A paused monitor stays as it is.
 */
export const recordPause = async (services: Services, { userId, ...own }: ActOnMonitor): Switched => {
  const { db } = services;
  const before = await getMonitor(db, own);
  if (before.verdict === 'paused') return { monitor: before, changed: false };
  const now = services.now();
  const pausedNow = sql`(SELECT number FROM monitors WHERE id = ${own.id} AND verdict = 'paused')`;
  const notYet = and(eq(monitors.id, own.id), eq(monitors.teamId, own.teamId), ne(monitors.verdict, 'paused'));
  await db.batch([
    recordDone(db, { author: userId, at: now, action: 'monitor.paused' }, notYet),
    db
      .update(monitors)
      .set({ cohort: null, place: null, ...verdictSetTo('paused', now) })
      .where(notYet),
    ...followCohort(db, own.id, now),
    recordSetVerdict(db, own.id, 'paused', now),
    recordInIncident(db, 'paused', pausedNow, { userId, now }),
  ]);
  return { monitor: await getMonitor(db, own), changed: true };
};

const recordInIncident = (
  db: Database,
  kind: 'paused' | 'resumed',
  monitor: SQL,
  { userId, now }: { userId: string; now: number },
) =>
  db
    .insert(incidentEvents)
    .select(
      sql`SELECT id, ${now}, ${kind}, '', ${userId}, '{}' FROM incidents
          WHERE monitor = ${monitor} AND resolved_at IS NULL`,
    )
    .onConflictDoNothing();

/**
 * Resumes checking, as if the monitor were new except for its open incident. An active monitor stays as it is. Throws
 * `limit_reached`.
 */
export const recordResumption = async (services: Services, { userId, ...own }: ActOnMonitor): Switched => {
  const { db } = services;
  const { before, after } = await updateUnchanged(services, own, async (row, unchanged, now) => {
    if (row.verdict !== 'paused') return null;
    const batch = db.batch([
      ...guardChecks(services, { teamId: row.teamId, monitorId: row.id, next: row }),
      recordDone(db, { author: userId, at: now, action: 'monitor.resumed' }, unchanged),
      recordInIncident(db, 'resumed', sql`(SELECT number FROM monitors WHERE ${unchanged})`, { userId, now }),
      ensureCohort(db, row),
      db
        .update(monitors)
        .set({ cohort: cohortWithRoom(row), ...verdictSetTo('unknown', now) })
        .where(unchanged),
      ...followCohort(db, own.id, now),
      recordSetVerdict(db, own.id, 'unknown', now),
    ]);
    const [, , , , , result] = await withinLimits(batch);
    return result;
  });
  return { monitor: after, changed: before.verdict !== after.verdict };
};

/**
 * Higher than any decision of the Monitor object so far: late decisions no longer count, and the object starts from a new state.
 */
const verdictSetTo = (verdict: Verdict, now: number) => ({
  verdict,
  verdictSince: now,
  regionHealth: {},
  suspect: false,
  flapping: false,
  decision: sql`max(${monitors.decision} + 1, ${now})`,
  updatedAt: sql`max(${monitors.updatedAt} + 1, ${now})`,
});
