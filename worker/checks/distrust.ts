import { beginDistrust, endDistrust, listDistrusts } from '../db/distrusts.ts';
import { isBroken, isMended, type RegionView } from '../domain/distrust.ts';
import type { Region } from '../domain/region.ts';
import { newId } from '../ids.ts';
import { log, logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import type { MonitorRef } from './monitorRef.ts';
import { tellFeed } from './tellFeed.ts';

/** So far back, or as far as an interval reaches, a region's latest tick says how it sees a monitor. */
const lookBackMs = 60_000;

/** A call tells so many objects at most; those that are left are told by the sweeps of the next minutes. */
const objectsPerCall = 500;
const atOnce = 20;

/** Once a minute: distrusts regions whose view is broken, trusts those whose view is mended, and tells monitors of it. */
export const sweepDistrust = async (services: Services): Promise<void> => {
  const correlationId = newId('run');
  await reviewRegions(services, null, correlationId);
  const distrusted = await listDistrusts(services.d1);
  for (const { region } of distrusted) await tellMonitors(services, region, correlationId);
};

/** Looks at one region, or at all, as the latest ticks show it. Harmless when done twice. */
export const reviewRegions = async (services: Services, only: Region | null, correlationId: string): Promise<void> => {
  const [views, distrusts] = await Promise.all([readViews(services, only), listDistrusts(services.d1)]);
  for (const view of views) {
    const { region, alone, hosts, monitors } = view;
    const isDistrusted = distrusts.some((distrust) => distrust.region === region);
    if (isDistrusted || !isBroken(view)) continue;
    if (!(await beginDistrust(services.d1, view, services.now()))) continue;
    log('distrust', correlationId, { region, begins: true, alone, hosts, monitors });
    await announce(services, region, correlationId);
  }
  for (const { region } of distrusts) {
    const view = views.find((one) => one.region === region) ?? { alone: 0, undecided: 0, monitors: 0 };
    if ((only !== null && only !== region) || !isMended(view)) continue;
    if (!(await endDistrust(services.d1, region, services.now()))) continue;
    log('distrust', correlationId, { region, begins: false, alone: view.alone, monitors: view.monitors });
    await announce(services, region, correlationId);
  }
};

const announce = async (services: Services, region: Region, correlationId: string) => {
  const { results } = await services.d1
    .prepare(
      `SELECT id FROM teams AS t WHERE watched_until > ?1 AND EXISTS (
         SELECT 1 FROM monitors AS m, json_each(m.regions) AS r WHERE m.team_id = t.id AND r.value = ?2) LIMIT 500`,
    )
    .bind(services.now(), region)
    .all<{ id: string }>();
  await Promise.all([
    tellMonitors(services, region, correlationId),
    ...results.map(({ id }) => tellFeed(services, id, correlationId, { type: 'regions-changed' })),
  ]);
};

/**
 * Tells the objects of the monitors for which the region's vote may make the difference. In no order, so that none
 * waits for ever behind 500 others. What an object is not told it reads before it decides anything, and within a minute
 * where it knows of a distrust that has ended.
 */
const tellMonitors = async (services: Services, region: Region, correlationId: string) => {
  const { results } = await services.d1
    .prepare(
      `SELECT id, number, team_id AS teamId FROM monitors
       WHERE cohort IS NOT NULL AND (verdict IN ('down', 'unknown') OR suspect = 1)
         AND EXISTS (SELECT 1 FROM json_each(regions) WHERE value = ?1)
       ORDER BY random() LIMIT ${objectsPerCall}`,
    )
    .bind(region)
    .all<MonitorRef>();
  for (let i = 0; i < results.length; i += atOnce) {
    const group = results.slice(i, i + atOnce);
    const told = await Promise.allSettled(group.map((ref) => services.monitor(ref.id).follow(ref, correlationId)));
    const failed = told.filter((one) => one.status === 'rejected');
    if (failed[0]) logFailure('distrust', correlationId, failed[0].reason, { region, failed: failed.length });
  }
};

/**
 * How each region's latest ticks compare with those of the others: one statement, which reads a range of the primary key
 * per cohort. Of the others, a region that fails as well is a witness, and so is one that passed after the failures here began;
 * one that passed before says nothing about them. Distrusted regions are no witnesses.
 */
const readViews = async ({ d1, now }: Services, only: Region | null): Promise<(RegionView & { region: Region })[]> => {
  const { results } = await d1
    .prepare(
      `WITH ticks AS MATERIALIZED (
         SELECT CAST(t.key AS INTEGER) AS monitor, b.region, t.value ->> 0 = 2 AS fails, b.slot + (t.value ->> 4) AS at
         FROM cohorts AS c CROSS JOIN tick_batches AS b CROSS JOIN json_each(b.ticks) AS t
         WHERE c.size > 0 AND b.cohort = c.id AND b.slot >= ?1 - max(?2, 1000 * c.interval_seconds)
           AND (?3 IS NULL OR instr(',' || c.regions || ',', ',' || ?3 || ',') > 0) AND t.value ->> 0 < 3),
       latest AS MATERIALIZED (
         SELECT monitor, region, max(at * 2 + fails) / 2 AS at, max(at * 2 + fails) % 2 AS fails,
           min(iif(fails, at, NULL)) AS failing_since
         FROM ticks GROUP BY monitor, region),
       trusted AS MATERIALIZED (
         SELECT * FROM latest WHERE region NOT IN (SELECT region FROM region_distrusts WHERE until IS NULL)),
       compared AS (
         SELECT here.region, here.monitor, here.fails, count(iif(other.fails OR other.at >= here.failing_since, 1, NULL)) AS witnesses,
           count(iif(other.at >= here.failing_since AND NOT other.fails, 1, NULL)) AS passing
         FROM latest AS here JOIN trusted AS other ON other.monitor = here.monitor AND other.region <> here.region
         WHERE ?3 IS NULL OR here.region = ?3
         GROUP BY here.region, here.monitor),
       judged AS (
         SELECT region, monitor, fails AND passing * 2 > witnesses AS alone, fails AND witnesses = 0 AS undecided
         FROM compared
         WHERE NOT (fails AND witnesses > 0 AND passing * 2 <= witnesses))
       SELECT region, count(*) AS monitors, sum(alone) AS alone, sum(undecided) AS undecided,
         count(DISTINCT iif(alone, (SELECT ${hostOf} FROM monitors WHERE number = monitor), NULL)) AS hosts
       FROM judged GROUP BY region`,
    )
    .bind(now(), lookBackMs, only)
    .all<RegionView & { region: Region }>();
  return results;
};

/** Of `settings`: what stands between the scheme and the first of `/?#:`. */
const afterScheme = "substr(settings ->> 'url', instr(settings ->> 'url', '://') + 3)";
const cut = `replace(replace(replace(${afterScheme}, '?', '/'), '#', '/'), ':', '/')`;
const hostOf = `lower(substr(${cut}, 1, instr(${cut} || '/', '/') - 1))`;
