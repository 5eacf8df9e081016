import { and, inArray, isNull, min, sql } from 'drizzle-orm';
import type { Region } from '../../domain/checks/region.ts';
import type { Database } from '../core/client.ts';
import { cohortMemberships, cohorts, monitors } from '../schema.ts';

/** Most monitors that one cohort holds: its ticks of a slot and region share one row. */
export const cohortCapacity = 100;

/** The properties that all monitors of a cohort share. */
export interface CohortClass {
  intervalSeconds: number;
  regions: readonly Region[];
}

const regionList = (regions: readonly Region[]) => regions.join(',');

export const sameClass = (a: CohortClass, b: CohortClass) =>
  a.intervalSeconds === b.intervalSeconds && regionList(a.regions) === regionList(b.regions);

/**
 * The three pieces below belong into one `db.batch()` around the write of `monitors.cohort`. A batch is a transaction
 * and D1 runs one at a time, so that no cohort overfills and sizes never drift: they are counted, not stepped.
 */

/** Before the write: ensures that a cohort of the class has room. */
export const ensureCohort = (db: Database, { intervalSeconds, regions }: CohortClass) =>
  db.insert(cohorts).select(
    sql`SELECT NULL, ${intervalSeconds}, ${regionList(regions)}, 0
        WHERE NOT EXISTS (SELECT 1 FROM cohorts
          WHERE interval_seconds = ${intervalSeconds} AND regions = ${regionList(regions)} AND size < ${cohortCapacity})`,
  );

/** In the write: the fullest cohort with room, so that few cohorts are half empty. */
export const cohortWithRoom = ({ intervalSeconds, regions }: CohortClass) =>
  sql<number>`(SELECT id FROM cohorts
    WHERE interval_seconds = ${intervalSeconds} AND regions = ${regionList(regions)} AND size < ${cohortCapacity}
    ORDER BY size DESC, id LIMIT 1)`;

/** After the write: memberships and sizes follow from the monitor's cohort. Nothing happens where it did not change. */
export const followCohort = (db: Database, monitorId: string, now: number) => {
  const number = sql`(SELECT number FROM monitors WHERE id = ${monitorId})`;
  const cohort = sql`(SELECT cohort FROM monitors WHERE id = ${monitorId})`;
  const ofMonitor = sql`${cohortMemberships.monitor} = ${number}`;
  const leave = db
    .update(cohortMemberships)
    .set({ until: now })
    .where(and(ofMonitor, isNull(cohortMemberships.until), sql`${cohortMemberships.cohort} IS NOT ${cohort}`));
  const join = db
    .insert(cohortMemberships)
    .select(
      sql`SELECT number, ${now}, cohort, NULL FROM monitors
          WHERE id = ${monitorId} AND cohort IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM cohort_memberships AS held WHERE held.monitor = monitors.number AND held.until IS NULL)`,
    )
    .onConflictDoUpdate({
      target: [cohortMemberships.monitor, cohortMemberships.since, cohortMemberships.cohort],
      set: { until: null },
    });
  const touched = sql`(SELECT cohort FROM cohort_memberships
    WHERE monitor = ${number} AND (until IS NULL OR until = ${now}))`;
  const resize = db
    .update(cohorts)
    .set({ size: sql`(SELECT count(*) FROM ${monitors} WHERE ${monitors.cohort} = ${cohorts}.id)` })
    .where(inArray(cohorts.id, touched));
  return [leave, join, resize] as const;
};

export interface Membership {
  monitor: number;
  cohort: number;
  since: number;
  /** Null while it lasts. */
  until: number | null;
}

/** The cohorts that hold the ticks of a monitor, oldest membership first. */
export const listMemberships = (db: Database, monitor: number): Promise<Membership[]> =>
  db
    .select()
    .from(cohortMemberships)
    .where(sql`${cohortMemberships.monitor} = ${monitor}`)
    .orderBy(cohortMemberships.since);

/** Since when (ms) any team has had a monitor to check; null where there is none. */
export const oldestMembership = async (db: Database): Promise<number | null> => {
  const [row] = await db
    .select({ since: min(cohortMemberships.since) })
    .from(cohortMemberships)
    .where(isNull(cohortMemberships.until));
  return row?.since ?? null;
};
