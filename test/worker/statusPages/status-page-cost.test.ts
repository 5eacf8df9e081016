import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { claimMinute, finishMinute, listDispatchGaps, readStall } from '../../../worker/db/checks/dispatches.ts';
import { readPublicPage } from '../../../worker/db/statusPages/publicPage.ts';
import { newId } from '../../../worker/ids.ts';
import { countStatements } from '../database/statements.ts';
import { seedCohort, services } from '../support/seed.ts';

/** The costs of a view of a status page that no cache answers, by D1's own account. */

const minuteMs = 60_000;
const lastMinute = Math.floor(Date.now() / minuteMs) * minuteMs;

/** A day of dispatched minutes with a hole of ten minutes some hours ago, as runs of the cron leave them. */
const dispatchDay = async () => {
  await env.DB.prepare('DELETE FROM dispatches').run();
  await env.DB.prepare(
    `WITH RECURSIVE n(ago) AS (SELECT 0 UNION ALL SELECT ago + 1 FROM n WHERE ago < 1500)
     INSERT INTO dispatches (minute, claimed_at, finished_at, follows)
     SELECT ?1 - ago * 60000, 1, 1, ago NOT IN (299, 1500) FROM n WHERE ago NOT BETWEEN 300 AND 309`,
  )
    .bind(lastMinute)
    .run();
};

/** A page of so many monitors that have been up for three hours; one of them has just become down. */
const seedPage = async (count: number): Promise<string> => {
  const now = Date.now();
  const urls = Array.from({ length: count }, () => 'http://localhost/');
  const { teamId, monitors } = await seedCohort({ urls, createdAt: now - 40 * 86_400_000 });
  const [pageId, slug] = [newId('page'), `cost-${count}`];
  const numbers = JSON.stringify(monitors.map(({ number }) => number));
  await env.DB.batch([
    env.DB.prepare(
      'INSERT INTO status_pages (id, team_id, slug, name, created_at, updated_at) VALUES (?1, ?2, ?3, ?3, 1, 1)',
    ).bind(pageId, teamId, slug),
    env.DB.prepare('INSERT INTO components (page_id, monitor, position) SELECT ?, value, key FROM json_each(?)').bind(
      pageId,
      numbers,
    ),
    env.DB.prepare(
      "INSERT INTO verdict_changes (monitor, since, at, verdict) SELECT value, ?1, ?1, 'up' FROM json_each(?2)",
    ).bind(now - 180 * minuteMs, numbers),
    env.DB.prepare(
      `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, reason, evidence)
       VALUES (?1, ?2, ?3, ?4, ?4, 'timeout', '[]')`,
    ).bind(newId('inc'), teamId, monitors[0]?.number, now - 1000),
  ]);
  return slug;
};

// Before they were read together: 10 statements, and 7,672, 7,959 and 9,162 rows, 7,649 of them of `dispatches`.
test.for([
  { count: 1, atMost: 50 },
  { count: 20, atMost: 400 },
  { count: 100, atMost: 1_700 },
])('a page of $count monitors is read in two trips and at most $atMost rows', async ({ count, atMost }) => {
  await dispatchDay();
  const slug = await seedPage(count);
  const { services: counting, seen } = countStatements(services);
  const page = await readPublicPage(counting, slug);
  expect(page?.components).toHaveLength(count);
  expect(page?.incidents).toHaveLength(1);
  const rows = seen.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
  console.log(`${count} monitors: ${seen.length} statements, ${rows} rows`);
  expect(new Set(seen.map(({ trip }) => trip)).size).toBe(2);
  expect(seen).toHaveLength(8);
  expect(rows).toBeLessThanOrEqual(atMost);
  for (const { rowsRead } of seen.filter(({ query }) => query.includes('dispatches')))
    expect(rowsRead).toBeLessThan(12);
});

test('a stall is seen in a few rows as well', async () => {
  await dispatchDay();
  const { services: counting, seen } = countStatements(services);
  const now = lastMinute + 30 * minuteMs;
  expect(await readStall(counting.db, now)).toEqual({ from: lastMinute + 2 * minuteMs, to: null });
  expect(seen.reduce((sum, { rowsRead }) => sum + rowsRead, 0)).toBeLessThan(12);
});

test('minutes that are finished in any order leave the gaps that they leave', async () => {
  await env.DB.prepare('DELETE FROM dispatches').run();
  const at = (minute: number) => lastMinute + minute * minuteMs;
  const finish = async (minute: number) => {
    await claimMinute(services, at(minute), at(minute), 1);
    await finishMinute(services, at(minute), 1, 1);
  };
  const gaps = () => listDispatchGaps(services.db, { from: at(2), to: at(12) });
  const missing = (from: number, to: number) => ({ from: at(from + 2), to: at(to + 1) });
  for (const minute of [0, 1, 2, 8, 9, 10]) await finish(minute);
  expect(await gaps()).toEqual([missing(2, 8)]);
  await finish(5);
  expect(await gaps()).toEqual([missing(2, 5), missing(5, 8)]);
  for (const minute of [7, 6]) await finish(minute);
  expect(await gaps()).toEqual([missing(2, 5)]);
  for (const minute of [4, 3]) await finish(minute);
  expect(await gaps()).toEqual([]);
  // As a redelivered run would.
  await finish(8);
  expect(await gaps()).toEqual([]);
});
