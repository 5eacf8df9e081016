import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { readPastVerdict, readVerdict } from '../../../worker/api/verdicts/verdictView.ts';
import type { MonitorView, Page, VerdictChangeView, VerdictView } from '../../../worker/contract/views.ts';
import { getMonitor } from '../../../worker/db/monitors/monitors.ts';
import type { Outcome } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import type { Verdict } from '../../../worker/domain/history/uptime.ts';
import type { Explanation, Suppression } from '../../../worker/domain/verdict/explanation.ts';
import type { Services } from '../../../worker/services.ts';
import { appendTicks } from '../../../worker/ticks/append.ts';
import { outcomeOf } from '../../outcome.ts';
import { create, base as monitorsPath, numberOf, problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, type Client, signUp } from '../support/client.ts';
import { messageFor, type Seeded, seedCohort, services } from '../support/seed.ts';

const three: Region[] = ['enam', 'weur', 'apac'];
const start = Date.now() - 600_000;
const iso = (ms: number) => new Date(ms).toISOString();

const outcome = (region: Region, startedAt: number, health?: 'up' | 'down') =>
  outcomeOf(region, startedAt, health, { dataCentre: 'AMS' });

const explained = (change: Partial<Explanation> = {}): Explanation => ({
  verdict: 'down',
  since: start,
  at: start + 3_000,
  quorum: 'majority',
  confirmations: 2,
  recoveryConfirmations: 2,
  needed: 2,
  neededPassing: 2,
  size: 3,
  down: 2,
  passing: 1,
  votes: [
    {
      region: 'enam',
      vote: 'down',
      ignored: null,
      confirming: null,
      staleSince: null,
      evidence: outcome('enam', start, 'down'),
    },
    {
      region: 'weur',
      vote: 'down',
      ignored: null,
      confirming: null,
      staleSince: null,
      evidence: outcome('weur', start + 1_000, 'down'),
    },
    { region: 'apac', vote: null, ignored: 'stale', confirming: null, staleSince: start - 90_000, evidence: null },
  ],
  holding: { to: 'up', since: start + 5_000, until: start + 9_000 },
  isFlapping: false,
  suppressed: null,
  ...change,
});

const record = (number: number, verdict: Verdict, at: number, explanation: Explanation | null, since = at) =>
  env.DB.prepare('INSERT INTO verdict_changes (monitor, since, at, verdict, explanation) VALUES (?, ?, ?, ?, ?)')
    .bind(number, since, at, verdict, explanation && JSON.stringify(explanation))
    .run();

/** However long the tests take, Pharos is not taken to stand still. */
beforeAll(async () => {
  const minute = Date.now() + 3_600_000;
  await env.DB.prepare('INSERT INTO dispatches (minute, claimed_at, finished_at) VALUES (?1, ?1, ?1)')
    .bind(minute)
    .run();
});

const seed = async () => {
  const seeded = await seedCohort({ urls: ['http://127.0.0.1:9/'], regions: three, createdAt: start - 60_000 });
  const [{ id, number }] = seeded.monitors as [Seeded['monitors'][number]];
  const ref = { id, number, teamId: seeded.teamId };
  const say = (said: Outcome) => services.monitor(id).observe(ref, said, 0, 'run_test');
  const row = () => getMonitor(services.db, ref);
  return { seeded, ref, number, say, row };
};

const read = async ({ row }: { row: Awaited<ReturnType<typeof seed>>['row'] }, with_: Partial<Services> = {}) =>
  readVerdict({ ...services, ...with_ }, await row(), 'req_test');

test('the present is explained by what each region said last', async () => {
  const monitor = await seed();
  const now = Date.now();
  for (const region of three) await monitor.say(outcome(region, now - 1_000));
  const verdict = await read(monitor);
  expect(verdict).toMatchObject({ monitorId: monitor.ref.id, verdict: 'up', isPresent: true });
  expect(verdict.sentence).toMatch(/\w+/);
  expect(verdict.explanation).toMatchObject({ quorum: 'majority', confirmations: 2, isFlapping: false, holding: null });
  expect(verdict.explanation?.votes.map(({ region, vote }) => [region, vote])).toEqual([
    ['enam', 'up'],
    ['weur', 'up'],
    ['apac', 'up'],
  ]);
  expect(verdict.explanation?.votes[1]?.evidence).toEqual({
    region: 'weur',
    outcome: 'up',
    reason: 'ok',
    status: 200,
    latencyMs: 12,
    dataCentre: 'AMS',
    at: iso(now - 1_000),
  });
});

test('explaining changes nothing', async () => {
  const monitor = await seed();
  await monitor.say(outcome('weur', Date.now()));
  const before = await monitor.row();
  await read(monitor);
  await read(monitor);
  expect(await monitor.row()).toEqual(before);
});

test('the evidence of a region that only confirmed is its latest check, and of one that contradicts it is not', async () => {
  const monitor = await seed();
  const now = Date.now();
  for (const region of three) await monitor.say(outcome(region, now - 20_000));
  for (const [region, health] of [
    ['weur', 'up'],
    ['apac', 'down'],
  ] as const) {
    const { version: _, monitors: __, ...batch } = messageFor(monitor.seeded, { region, slot: now - 5_000 });
    const tick = { monitor: monitor.number, outcome: outcome(region, now - 5_000, health) };
    await appendTicks(services, batch, [tick]);
  }
  const { explanation } = await read(monitor);
  expect(explanation?.votes.map(({ evidence }) => [evidence?.outcome, evidence?.at])).toEqual([
    ['up', iso(now - 20_000)],
    ['up', iso(now - 5_000)],
    ['up', iso(now - 20_000)],
  ]);
});

test.each<[what: string, explain: () => Promise<never>]>([
  ['fails', () => Promise.reject(new Error('overloaded'))],
  ['does not answer', () => new Promise(() => {})],
])('where the object %s, the latest decision is explained, and said to be no more than that', async (_, explain) => {
  const monitor = await seed();
  await record(monitor.number, 'down', start + 3_000, explained(), start);
  const verdict = await read(monitor, { monitor: () => ({ explain }) as never });
  expect(verdict).toMatchObject({ verdict: 'down', isPresent: false, since: iso(start), at: iso(start + 3_000) });
  expect(verdict.explanation?.holding).toEqual({ to: 'up', since: iso(start + 5_000), until: iso(start + 9_000) });
  expect(verdict.explanation?.votes[2]).toMatchObject({
    ignored: 'stale',
    staleSince: iso(start - 90_000),
    evidence: null,
  });
});

test('a past time is explained by what had been decided until then', async () => {
  const monitor = await seed();
  await record(monitor.number, 'up', start - 5_000, explained({ verdict: 'up' }));
  await record(monitor.number, 'down', start + 3_000, explained(), start);
  const at = async (time: number) => (await readPastVerdict(services, await monitor.row(), time)).verdict;
  expect(await at(start)).toBe('up');
  expect(await at(start + 3_000)).toBe('down');
  expect(await at(Date.now())).toBe('down');
  await expect(at(start - 5_001)).rejects.toMatchObject({ code: 'not_found' });
});

test('a decision leads to the incident in whose time it was made, its beginning and its end included', async () => {
  const monitor = await seed();
  const incident = (id: string, from: number, until: number | null, number = monitor.number) =>
    env.DB.prepare(
      `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, resolved_at, reason, evidence)
       VALUES (?, ?, ?, ?, ?, ?, 'status', '[]')`,
    )
      .bind(id, monitor.ref.teamId, number, start + from, start + from, until && start + until)
      .run();
  const [first, second] = [`inc_${monitor.number}_a`, `inc_${monitor.number}_b`];
  await incident(first, 1_000, 5_000);
  await incident(second, 9_000, null);
  const other = await seed();
  await incident(`inc_${other.number}`, -1_000, null, other.number);
  for (const at of [0, 3_000, 5_000, 7_000, 9_000]) await record(monitor.number, 'up', start + at, explained());
  const at = async (time: number) => (await readPastVerdict(services, await monitor.row(), start + time)).incidentId;
  expect(await Promise.all([0, 3_000, 5_000, 7_000, 9_000].map(at))).toEqual([null, first, first, null, second]);
  await monitor.say(outcome('weur', Date.now()));
  expect(await read(monitor)).toMatchObject({ isPresent: true, incidentId: second });
});

test.each<[what: string, verdict: Verdict, since: number, sentence: RegExp]>([
  ['a pause', 'paused', start, /team member paused this monitor/],
  ['a beginning', 'unknown', start, /has just started these checks/],
  ['a decision from before explanations were kept', 'down', start - 3_000, /before Pharos stored explanations/],
])('%s says so without an explanation', async (_, verdict, since, sentence) => {
  const monitor = await seed();
  await record(monitor.number, verdict, start, null, since);
  const view = await readPastVerdict(services, await monitor.row(), start);
  expect(view).toMatchObject({ verdict, explanation: null, sentence: expect.stringMatching(sentence) });
});

test('the reason of a suppressed alert is named, also if a dependency was deleted', async () => {
  const [monitor, gateway] = [await seed(), await seed()];
  await env.DB.prepare('UPDATE monitors SET team_id = ?1, name = ?2 WHERE number = ?3')
    .bind(monitor.ref.teamId, 'Gateway', gateway.number)
    .run();
  const stranger = await seed();
  const becauses: Suppression[] = [
    { type: 'dependency', monitorIds: [gateway.ref.id, 'mon_gone', stranger.ref.id], until: start + 30_000 },
    { type: 'maintenance', until: start + 60_000 },
    { type: 'maintenance', until: null },
  ];
  const views = [];
  for (const [i, because] of becauses.entries()) {
    await record(monitor.number, 'down', start + i, explained({ suppressed: { event: 'down', because } }));
    views.push((await readPastVerdict(services, await monitor.row(), start + i)).explanation?.suppressed?.because);
  }
  expect(views).toEqual([
    {
      type: 'dependency',
      monitors: [
        { id: gateway.ref.id, name: 'Gateway' },
        { id: 'mon_gone', name: null },
        { id: stranger.ref.id, name: null },
      ],
      until: iso(start + 30_000),
    },
    { type: 'maintenance', until: iso(start + 60_000) },
    { type: 'maintenance', until: null },
  ]);
});

let owner: Client;
let stranger: Client;
let monitor: MonitorView;
const path = (rest: string) => `${monitorsPath}/${monitor.id}${rest}`;
beforeAll(async () => {
  owner = await signUp();
  stranger = await signUp();
  monitor = await create(owner, { intervalSeconds: 3600, regions: ['weur'] });
});

test('a paused monitor says that a person paused it', async () => {
  const paused = await create(owner, { intervalSeconds: 3600, regions: ['weur'] });
  await owner.post(`${monitorsPath}/${paused.id}/pause`);
  expect(await bodyOf<VerdictView>(await owner.get(`${monitorsPath}/${paused.id}/verdict`))).toMatchObject({
    verdict: 'paused',
    isPresent: true,
    explanation: null,
    sentence: expect.stringContaining('team member paused'),
  });
});

test('lists the verdicts of a monitor page by page, latest first, each once, with its sentence', async () => {
  const number = await numberOf(monitor.id);
  await env.DB.prepare('DELETE FROM verdict_changes WHERE monitor = ?').bind(number).run();
  for (let i = 0; i < 5; i++)
    await record(number, i % 2 ? 'down' : 'up', start + (i >> 1), i === 4 ? null : explained());
  const seen: VerdictChangeView[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page<VerdictChangeView> = await bodyOf(
      await owner.get(path(`/verdicts?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)),
    );
    seen.push(...page.data);
    cursor = page.nextCursor;
  }
  expect(seen.map(({ verdict, at }) => [verdict, Date.parse(at) - start])).toEqual([
    ['up', 2],
    ['up', 1],
    ['down', 1],
    ['up', 0],
    ['down', 0],
  ]);
  expect(seen[0]?.sentence).toContain('before Pharos stored explanations');
  expect(seen.every(({ sentence }) => sentence.length > 0)).toBe(true);
});

test('explains the past over the API', async () => {
  const at = encodeURIComponent(iso(start + 1));
  expect(await bodyOf<VerdictView>(await owner.get(path(`/verdict?at=${at}`)))).toMatchObject({ isPresent: false });
});

test.each<[query: string, status: number, path: string | undefined]>([
  ['/verdict?at=yesterday', 400, 'at'],
  ['/verdict?at=2026-01-31', 400, 'at'],
  [`/verdict?at=${iso(Date.now() + 3_600_000)}`, 400, 'at'],
  ['/verdict?at=2001-01-01T00:00:00Z', 404, undefined],
  ['/verdicts?limit=0', 400, 'limit'],
  ['/verdicts?cursor=nonsense', 400, undefined],
])('refuses %s with what is wrong', async (query, status, field) => {
  const problem = await problemOf(await owner.get(path(query)));
  expect([problem.status, problem.errors[0]?.path]).toEqual([status, field]);
});

test('explains nothing to other teams', async () => {
  for (const query of ['/verdict', '/verdict?at=2026-01-31T12:00:00Z', '/verdicts'])
    expect((await stranger.get(path(query))).status).toBe(404);
});
