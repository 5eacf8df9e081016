import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MonitorListItem, Page, TickView } from '../../../worker/contract/views.ts';
import type { Lane } from '../../../worker/db/schema.ts';
import type { Reason } from '../../../worker/domain/checks/reasons.ts';
import { unpackChecks } from '../../../worker/domain/checks/recentChecks.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { packTicks } from '../../../worker/ticks/format.ts';
import { listLatestTicks, listTicks } from '../../../worker/ticks/read.ts';
import { base, problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';

const { db } = services;
const now = Date.now();
const monitor = (number: number) => ({
  id: `mon_${number}`,
  number,
  intervalSeconds: 30,
  stretch: 1,
  regions: ['weur'] as Region[],
});

interface Batch {
  cohort: number;
  slot: number;
  region?: Region;
  lane?: Lane;
  numbers?: number[];
  reason?: Reason;
}

const store = async (batches: Batch[]) => {
  const insert = env.DB.prepare('INSERT INTO tick_batches VALUES (?, ?, ?, ?, ?)');
  const rows = batches.map(({ cohort, slot, region = 'weur', lane = 'normal', numbers = [1, 2, 3], reason = 'ok' }) => {
    const outcome = { health: 'up', reason, status: 200, region, dataCentre: 'AMS', scheduledAt: slot } as const;
    const ticks = numbers.map((n) => ({ monitor: n, outcome: { ...outcome, latencyMs: n, startedAt: slot + 5 } }));
    return insert.bind(cohort, slot, region, lane, packTicks(ticks));
  });
  for (let i = 0; i < rows.length; i += 500) await env.DB.batch(rows.slice(i, i + 500));
};

const hold = (number: number, cohort: number, since: number, until: number | null = null) =>
  env.DB.prepare('INSERT INTO cohort_memberships VALUES (?, ?, ?, ?)').bind(number, since, cohort, until).run();

const slotsOf = (ticks: readonly { scheduledAt: string }[]) => ticks.map((t) => Date.parse(t.scheduledAt));
const read = async (number: number, from: number, to: number, rest: { region?: Region; limit?: number } = {}) =>
  (await listTicks(db, monitor(number), { from, to, limit: 100, ...rest })).map((t) => t.view);

beforeEach(async () => {
  await env.DB.batch(['tick_batches', 'cohort_memberships'].map((t) => env.DB.prepare(`DELETE FROM ${t}`)));
});

describe('one monitor', () => {
  test('reads back what was stored of it, and nothing of its neighbours', async () => {
    await hold(2, 1, 0);
    await store([{ cohort: 1, slot: 1_000 }]);
    expect(await read(2, 0, 2_000)).toEqual([
      {
        monitorId: 'mon_2',
        region: 'weur',
        outcome: 'up',
        reason: 'ok',
        status: 200,
        latencyMs: 2,
        dataCentre: 'AMS',
        scheduledAt: '1970-01-01T00:00:01.000Z',
        startedAt: '1970-01-01T00:00:01.005Z',
      },
    ]);
    expect(await read(12, 0, 2_000)).toEqual([]);
  });

  test('includes the beginning of the period and excludes its end', async () => {
    await hold(1, 1, 0);
    await store([1_000, 2_000, 3_000].map((slot) => ({ cohort: 1, slot })));
    expect(slotsOf(await read(1, 1_000, 3_000))).toEqual([1_000, 2_000]);
  });

  test('follows the monitor through its cohorts, those it came back to as well', async () => {
    const hour = 3_600_000;
    await hold(1, 1, 0, 10 * hour);
    await hold(1, 2, 10 * hour, 20 * hour);
    await hold(1, 1, 20 * hour, 20 * hour + 1);
    await hold(1, 1, 20 * hour + 2);
    // Cohort 1 goes on without the monitor meanwhile, and cohort 3 never held it.
    const slots = Array.from({ length: 30 }, (_, i) => i * hour + 500);
    const mine = (cohort: number, slot: number) => (cohort === 2) === (slot >= 10 * hour && slot < 20 * hour);
    await store(
      [1, 2, 3].flatMap((cohort) =>
        slots.map((slot) => ({ cohort, slot, numbers: cohort < 3 && mine(cohort, slot) ? [1, 2] : [2] })),
      ),
    );
    expect(slotsOf(await read(1, 0, 30 * hour))).toEqual(slots);
  });

  test('finds a check that was on its way when the monitor left', async () => {
    await hold(1, 1, 0, 10_000);
    await store([{ cohort: 1, slot: 70_000 }]);
    expect(await read(1, 0, 100_000)).toHaveLength(1);
  });

  test('can be asked for one region', async () => {
    await hold(1, 1, 0);
    await store((['weur', 'oc'] as const).map((region) => ({ cohort: 1, slot: 1_000, region })));
    expect((await read(1, 0, 9_999, { region: 'oc' })).map((t) => t.region)).toEqual(['oc']);
    expect(await read(1, 0, 9_999)).toHaveLength(2);
  });
});

describe('a page of monitors', () => {
  test('brings the latest ticks of each, oldest first, at most 30', async () => {
    await hold(1, 1, 0);
    await hold(2, 1, now - 100_000);
    await hold(3, 2, 0);
    await store(Array.from({ length: 50 }, (_, i) => ({ cohort: 1, slot: now - i * 30_000 })));
    await store([
      { cohort: 2, slot: now - 15_000, numbers: [3] },
      { cohort: 2, slot: now, numbers: [4] },
    ]);
    const ticks = await listLatestTicks(db, [1, 2, 3, 9].map(monitor), now);
    expect(slotsOf(ticks.get(1) ?? [])).toEqual(Array.from({ length: 30 }, (_, i) => now - (29 - i) * 30_000));
    expect(slotsOf(ticks.get(2) ?? [])).toEqual([90, 60, 30, 0].map((s) => now - s * 1000));
    expect(ticks.get(3)).toMatchObject([{ monitorId: 'mon_3', latencyMs: 3 }]);
    expect(ticks.get(9)).toEqual([]);
  });

  test('does not repeat ticks where a monitor left its cohort and came back', async () => {
    await hold(1, 1, 0, now - 60_000);
    await hold(1, 1, now - 50_000);
    await store([70_000, 40_000].map((ago) => ({ cohort: 1, slot: now - ago })));
    const ticks = await listLatestTicks(db, [monitor(1)], now);
    expect(slotsOf(ticks.get(1) ?? [])).toEqual([now - 70_000, now - 40_000]);
  });
});

describe('over HTTP', () => {
  const regions = ['enam', 'weur', 'apac'] as const;
  let owner: Awaited<ReturnType<typeof signUp>>;
  let id = '';
  const ticks = async (query: string) => bodyOf<Page<TickView>>(await owner.get(`${base}/${id}/ticks${query}`));

  beforeAll(async () => {
    owner = await signUp();
    id = 'mon_day';
    await env.DB.prepare(
      `INSERT INTO monitors (number, id, team_id, kind, name, settings, address, timeout_ms,
         interval_seconds, regions, tags, cohort, verdict_since, created_at, updated_at)
       VALUES (500, ?, ?, 'http', 'Day', '{"url":"http://127.0.0.1:9/"}', 'http://127.0.0.1:9/', 1000, 30, ?, '[]', 77, 1, 1, 1)`,
    )
      .bind(id, owner.team.id, JSON.stringify(regions))
      .run();
  });
  beforeEach(async () => {
    await hold(500, 77, 1);
  });

  test('a whole day of three regions comes in two pages, ascending, nothing twice', async () => {
    const start = now - 86_400_000 + 60_000;
    const numbers = Array.from({ length: 100 }, (_, i) => 450 + i);
    const slots = Array.from({ length: 2_870 }, (_, i) => start + i * 30_000);
    await store(
      slots.flatMap((slot) => regions.map((region, i) => ({ cohort: 77, slot: slot + i * 10_000, region, numbers }))),
    );
    const first = await ticks('');
    expect(first.data).toHaveLength(5_000);
    const second = await ticks(`?cursor=${first.nextCursor}`);
    expect(second.nextCursor).toBeNull();
    const all = [...first.data, ...second.data];
    expect(all).toHaveLength(8_610);
    expect(slotsOf(all)).toEqual(slotsOf(all).toSorted((a, b) => a - b));
    expect(new Set(all.map((t) => t.scheduledAt + t.region)).size).toBe(8_610);
  });

  test('pages end well where several ticks share a slot', async () => {
    const slot = now - 1_000_000;
    await store([
      ...regions.flatMap((region) =>
        (['normal', 'extra'] as const).map((lane) => ({ cohort: 77, slot, region, lane, numbers: [500] })),
      ),
      { cohort: 77, slot: slot + 1, numbers: [500] },
    ]);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<TickView> = await ticks(`?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(page.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.data.map((t) => t.region));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['apac', 'apac', 'enam', 'enam', 'weur', 'weur', 'weur']);
  });

  test('the list shows the latest ticks', async () => {
    await store([{ cohort: 77, slot: now - 20_000, numbers: [500] }]);
    const { data } = await bodyOf<Page<MonitorListItem>>(await owner.get(base));
    const checks = unpackChecks(data[0]?.recentChecks ?? '');
    expect(checks).toEqual([{ region: 'weur', outcome: 'up', answered: true, latencyMs: 500, at: now - 20_000 }]);
  });

  test.each([
    ['?from=yesterday', 'from', /Use a time/],
    ['?from=2030-01-01T00:00:00Z', 'from', /in the future/],
    ['?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'to', /ends before it starts/],
    ['?from=2020-01-01T00:00:00Z', 'from', /at most 400 days/],
    ['?region=mars', 'region', /A region must be one of/],
    ['?limit=5001', 'limit', /from 1 to 5000/],
  ])('refuses %s by name of the parameter', async (query, path, message) => {
    expect(await problemOf(await owner.get(`${base}/${id}/ticks${query}`))).toEqual({
      status: 400,
      code: 'invalid_request',
      errors: [{ path, message: expect.stringMatching(message) }],
    });
  });

  test('refuses a cursor of another list', async () => {
    const cursor = btoa(JSON.stringify([owner.team.id, 5])).replace(/=+$/, '');
    expect((await problemOf(await owner.get(`${base}/${id}/ticks?cursor=${cursor}`))).code).toBe('invalid_cursor');
  });
});
