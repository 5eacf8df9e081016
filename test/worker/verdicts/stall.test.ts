import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { app } from '../../../worker/app.ts';
import type {
  DependenciesView,
  MonitorDetailView,
  MonitorListItem,
  UptimeView,
  VerdictView,
} from '../../../worker/contract/views.ts';
import { packTicks } from '../../../worker/ticks/format.ts';
import { outcomeOf } from '../../outcome.ts';
import { base, create, list } from '../monitors/monitorApi.ts';
import { bodyOf, createClient, signUp } from '../support/client.ts';
import { type Seeded, seedCohort } from '../support/seed.ts';

/** Pharos has stopped: no cron, so neither checks nor the sweep that finds stale regions. Only reading goes on. */

const minute = 60_000;
const hour = 60 * minute;

let owner: Awaited<ReturnType<typeof signUp>>;
let cohort: number;
let shop: Seeded['monitors'][number];
let api: typeof shop;
let paused: typeof shop;
/** The cron minute that was the last, and until when checks were dispatched. */
let last: number;
let covered: number;

/** A dispatch in each minute of `[from, to]`. */
const dispatch = (from: number, to: number) =>
  env.DB.prepare(
    `INSERT OR IGNORE INTO dispatches (minute, claimed_at, finished_at) SELECT value, value, value FROM json_each(?)`,
  )
    .bind(JSON.stringify(Array.from({ length: (to - from) / minute + 1 }, (_, i) => from + i * minute)))
    .run();

/** Monitors of the team that were judged so an hour ago. Nothing checks them: what is seeded begins nothing. */
const seed = async (teamId: string, verdicts: Record<string, 'up' | 'down'>) => {
  const urls = Object.keys(verdicts).map((name) => `https://${name}.example/`);
  const seeded = await seedCohort({ urls, createdAt: Date.now() - hour });
  for (const [i, [name, verdict]] of Object.entries(verdicts).entries())
    await env.DB.prepare(
      `UPDATE monitors SET team_id = ?2, name = ?3, verdict = ?4, suspect = 1, region_health = json_object('weur', ?4)
       WHERE id = ?1`,
    )
      .bind(seeded.monitors[i]?.id, teamId, name, verdict)
      .run();
  return seeded;
};

const noteLastSeen = (one: { number: number }, at: number) => {
  return env.DB.prepare("INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, 'weur', 'slow', ?)")
    .bind(cohort, at, packTicks([{ monitor: one.number, outcome: outcomeOf('weur', at) }]))
    .run();
};

const read = async <T = MonitorDetailView>(path: string) => bodyOf<T>(await owner.get(`${base}/${path}`));
const names = async (query: string) => (await list(owner, query)).data.map(({ name }) => name).sort();
const iso = (ms: number) => new Date(ms).toISOString();

beforeEach(async () => {
  await env.DB.batch(['dispatches', 'tick_batches'].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
  owner = await signUp();
  const seeded = await seed(owner.team.id, { Shop: 'up', Api: 'down', Old: 'up' });
  cohort = seeded.cohort;
  [shop, api, paused] = seeded.monitors as [typeof shop, typeof shop, typeof shop];
  await env.DB.prepare('INSERT INTO monitor_dependencies (monitor, depends_on) VALUES (?, ?)')
    .bind(shop.number, api.number)
    .run();
  await owner.post(`${base}/${paused.id}/pause`);
  last = Math.floor(Date.now() / minute) * minute - 10 * minute;
  covered = last + 2 * minute;
});

describe('while Pharos runs', () => {
  test('verdicts are those that were decided, and nothing is said of a stall', async () => {
    await dispatch(last - hour, Math.floor(Date.now() / minute) * minute);
    expect(await read(shop.id)).toMatchObject({ verdict: 'up', suspect: true, staleSince: null });
    expect(await names('?verdict=down')).toEqual(['Api']);
    expect(await bodyOf(await owner.get('/api/v1/regions'))).toMatchObject({ stalledSince: null });
  });
});

describe('when nothing is dispatched any more', () => {
  beforeEach(() => dispatch(last - hour, last));

  const stale = (is: Partial<MonitorListItem>) => ({
    ...{ verdict: 'unknown', verdictSince: iso(covered), suspect: false, staleSince: iso(covered) },
    ...is,
  });

  test('a monitor, the list, its filters and what depends on it are unknown, and what is paused is paused', async () => {
    expect(await read(shop.id)).toMatchObject(stale({ regionHealth: { weur: 'unknown' } }));
    const { data } = await list(owner);
    // The list does not say since when; the page of a monitor does.
    const { verdictSince: _, ...listed } = stale({});
    expect(new Map(data.map((item) => [item.name, item]))).toEqual(
      new Map([
        ['Shop', expect.objectContaining(listed)],
        ['Api', expect.objectContaining(listed)],
        ['Old', expect.objectContaining({ verdict: 'paused', staleSince: null })],
      ]),
    );
    expect(await names('?verdict=unknown')).toEqual(['Api', 'Shop']);
    expect(await names('?verdict=up')).toEqual([]);
    expect(await names('?verdict=down')).toEqual([]);
    expect(await names('?verdict=paused')).toEqual(['Old']);
    const related = await read<DependenciesView>(`${shop.id}/dependencies`);
    expect(related.dependsOn).toEqual([{ id: api.id, name: 'Api', verdict: 'unknown' }]);
    expect(await bodyOf(await owner.patch(`${base}/${shop.id}`, { name: 'Store' }))).toMatchObject(stale({}));
  });

  test('the verdict says that Pharos has stopped, and what it was until then', async () => {
    const verdict = await read<VerdictView>(`${shop.id}/verdict`);
    expect(verdict).toMatchObject({ verdict: 'unknown', since: iso(covered), isPresent: true, explanation: null });
    expect(verdict.sentence).toMatch(
      /^Unknown, because Pharos has run no checks for [89] minutes.*; before that it was up\.$/,
    );
    expect((await read<VerdictView>(`${paused.id}/verdict`)).verdict).toBe('paused');
  });

  test('uptime agrees: since then it is unknown', async () => {
    const to = iso(Date.now());
    const uptime = await read<UptimeView>(`${shop.id}/uptime?from=${iso(covered)}&to=${to}`);
    expect(uptime.uptimePercent).toBe(null);
    expect(uptime.seconds).toMatchObject({ up: 0, down: 0 });
  });

  test('a status page says that nothing is known, and since when', async () => {
    const slug = `page-${crypto.randomUUID().slice(0, 8)}`;
    const page = { slug, name: 'Shop', monitorIds: [shop.id] };
    expect((await owner.post('/api/v1/status-pages', page)).status).toBe(201);
    const html = await (await createClient().get(`/status/${slug}`)).text();
    expect(html).toContain('Status unknown');
    expect(html).toContain(`Not checked since <time datetime="${iso(covered)}">`);
    expect(html).not.toContain('Operational');
  });

  test('everybody sees since when it is stalled', async () => {
    expect(await bodyOf(await createClient().get('/api/v1/regions'))).toMatchObject({ stalledSince: iso(covered) });
  });
});

test('when checks are dispatched again, each monitor counts with its first outcome and not before', async () => {
  await dispatch(last - hour, last);
  const now = Math.floor(Date.now() / minute) * minute;
  await dispatch(now - minute, now);
  expect(await bodyOf(await owner.get('/api/v1/regions'))).toMatchObject({ stalledSince: null });
  expect(await names('?verdict=unknown')).toEqual(['Api', 'Shop']);
  await noteLastSeen(shop, now + 1_000);
  expect(await read(shop.id)).toMatchObject({ verdict: 'up', staleSince: null });
  expect(await read(api.id)).toMatchObject({ verdict: 'unknown', staleSince: iso(covered) });
  expect(await names('?verdict=up')).toEqual(['Shop']);
  expect(await names('?verdict=unknown')).toEqual(['Api']);
});

test('where nothing was ever dispatched, a monitor is checked by itself at first, and then no more', async () => {
  const fresh = await create(owner, { name: 'Fresh', regions: ['weur'] });
  expect((await read(fresh.id)).staleSince).toBe(null);
  expect(await read(shop.id)).toMatchObject({ verdict: 'unknown' });
  expect((await read(shop.id)).staleSince).not.toBe(null);
});

describe('a new installation, whose cron has not started yet', () => {
  const ask = async (deployedMs: number) => {
    const VERSION = { ...env.VERSION, timestamp: iso(Date.now() - deployedMs) };
    const response = await app.request('/api/v1/regions', {}, { ...env, VERSION });
    const { stalledSince, startsBy } = await bodyOf<{ stalledSince: string | null; startsBy: string | null }>(response);
    return { stalledSince, startsBy };
  };

  test('says until when it starts, and nothing of a stall', async () => {
    const answer = await ask(10 * minute);
    expect(answer).toEqual({ stalledSince: null, startsBy: expect.any(String) });
    expect(Date.parse(answer.startsBy ?? '') - Date.now()).toBeGreaterThan(6 * minute);
  });

  test('says that it stands still once it should have started', async () => {
    expect(await ask(18 * minute)).toEqual({ stalledSince: expect.any(String), startsBy: null });
  });

  test('says so at once where a cron has run before', async () => {
    await dispatch(last - hour, last);
    expect(await ask(minute)).toEqual({ stalledSince: iso(covered), startsBy: null });
  });
});
