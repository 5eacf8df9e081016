import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, inject, test } from 'vitest';
import type { Region } from '../../../worker/domain/checks/region.ts';
import type { MonitorRecord } from '../../../worker/objects/monitorRecord.ts';
import { outcomeOf } from '../../outcome.ts';
import { type Seeded, seedCohort, services } from '../support/seed.ts';
import { depend, refOf, timelineOf } from './judged.ts';
import { nameOf, type Statement, watchDatabase } from './steps.ts';

/**
 * Where an object can be killed: before and after each of its statements. It stores its state and what is pending before
 * the first, and what it has done after each.
 */
const killing = {
  /** Options of the present call. */
  steps: [] as string[],
  at: Number.POSITIVE_INFINITY,
  isCounting: false,
  /** Number of the monitor whose object has reached that step, and is to be killed; NaN where it is not known. */
  victim: null as number | null,
};

/** Never goes on where the object is to be killed: what it did not store by then is lost with it. */
const reach = async (name: string, monitor: number) => {
  killing.steps.push(name);
  if (killing.steps.length - 1 !== killing.at) return;
  killing.victim = monitor;
  await new Promise(() => {});
};

/** Nobody is asked on demand: the answers would come at a time of their own. */
const isAsking = ({ query }: Statement) =>
  /^SELECT team_id AS teamId, cohort|m\.id, m\.number, m\.regions FROM above/.test(query.trim());

/** The first value of most statements of a Monitor object is its number, or a JSON list of that alone. */
const monitorOf = ({ values }: Statement) => Number(String(values[0]).replace(/^\[|\]$/g, ''));

beforeAll(() => {
  watchDatabase(async (statement, run, nothing) => {
    if (!killing.isCounting) return run();
    await reach(`before ${nameOf(statement)}`, monitorOf(statement));
    const answer = isAsking(statement) ? nothing : await run();
    await reach(`after ${nameOf(statement)}`, monitorOf(statement));
    return answer;
  });
});

/** The outcomes of one region for database (0) and shop (1), which depends on it; the other passed at the start. */
const script = [
  ['0 up', '1 up', '1 down', '0 down', '0 down', '1 down'],
  ['0 up', '0 up', '1 up', '1 up'],
].flat();

/**
 * Calls an object as the pipeline does, again where it did not answer, and kills who is to be killed meanwhile. Answers
 * with the steps of the call until then.
 */
const call = async (seeded: Seeded, work: () => Promise<unknown>): Promise<string[]> => {
  killing.steps = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const calling = { outcome: 'none' as 'none' | 'answered' | 'killed' };
    void work().then(
      () => Object.assign(calling, { outcome: 'answered' }),
      () => Object.assign(calling, { outcome: 'killed' }),
    );
    while (calling.outcome === 'none') {
      await killVictim(seeded);
      await scheduler.wait(1);
    }
    if (calling.outcome === 'answered') return killing.steps;
  }
  throw new Error('An object did not answer again and again.');
};

/** Where a statement does not say whose it is, both: an object that nobody calls loses nothing either. */
const killVictim = async ({ monitors }: Seeded) => {
  const { victim } = killing;
  if (victim === null) return;
  killing.victim = null;
  const own = monitors.filter(({ number }) => number === victim);
  for (const { id } of own.length > 0 ? own : monitors)
    await runInDurableObject(services.monitor(id), (_, state) => state.abort('killed by a test')).catch(() => {});
};

const bring = (seeded: Seeded, said: string, startedAt: number, region: Region = 'weur') => {
  const [index, health] = said.split(' ') as [string, 'up' | 'down'];
  const ref = refOf(seeded, Number(index));
  const outcome = outcomeOf(region, startedAt, health);
  return call(seeded, () => services.monitor(ref.id).observe(ref, outcome, 0, 'run_test'));
};

/** The alarms of both come, until nothing is left to be done. */
const settle = async (seeded: Seeded) => {
  const steps: string[][] = [];
  for (const index of [0, 1, 0, 1]) {
    const { id } = refOf(seeded, index);
    await runInDurableObject(services.monitor(id), async (_, { storage }) => {
      const record = await storage.get<MonitorRecord>('monitor');
      if (record?.wakeAt) await storage.put('monitor', { ...record, wakeAt: Date.now() });
    });
    steps.push(await call(seeded, () => runDurableObjectAlarm(services.monitor(id))));
  }
  return steps;
};

const result = async (seeded: Seeded) => {
  const all = async <T>(query: string, index: number) =>
    (await env.DB.prepare(query).bind(refOf(seeded, index).number).all<T>()).results;
  return Promise.all(
    [0, 1].map(async (index) => ({
      row: await all('SELECT verdict, suspect, flapping, region_health FROM monitors WHERE number = ?', index),
      verdicts: await all('SELECT verdict, since FROM verdict_changes WHERE monitor = ? ORDER BY at', index),
      incidents: await all(
        'SELECT started_at, ended_at, resolved_at IS NULL AS open FROM incidents WHERE monitor = ? ORDER BY started_at',
        index,
      ),
      timeline: (await timelineOf(seeded, index)).map(({ kind, key }) => `${kind} ${key}`).sort(),
    })),
  );
};

/** Plays the dedup key; in each of its calls the object that reaches the step `at` is killed. */
const play = async (at: number) => {
  const start = Date.now() - 10_000;
  const urls = [`${inject('target')}/`, `${inject('target')}/`];
  const seeded = await seedCohort({ urls, regions: ['enam', 'weur'], verdict: 'unknown', createdAt: start });
  await env.DB.prepare(`UPDATE monitors SET quorum = '"any"' WHERE cohort = ?`).bind(seeded.cohort).run();
  await depend(seeded, 1, 0);
  Object.assign(killing, { at, isCounting: true, victim: null });
  const steps: string[][] = [];
  for (const said of ['0 up', '1 up']) steps.push(await bring(seeded, said, start - 100, 'enam'));
  for (const [i, said] of script.entries()) steps.push(await bring(seeded, said, start + i * 100));
  steps.push(...(await settle(seeded)));
  killing.isCounting = false;
  const isTime = (value: unknown) => typeof value === 'number' && value > start - 1_000;
  const relative = (await result(seeded)).map((one) =>
    JSON.parse(JSON.stringify(one), (_, value) => (isTime(value) ? value - start : value)),
  );
  return { steps, relative };
};

test('an object that is killed between any two steps loses and repeats nothing', async () => {
  const whole = await play(Number.POSITIVE_INFINITY);
  const [database, shop] = whole.relative as { incidents: unknown[]; timeline: string[] }[];
  expect(database?.incidents).toHaveLength(1);
  expect(shop?.incidents).toHaveLength(1);
  expect(shop?.timeline).toEqual(expect.arrayContaining(['suppressed down', 'alert down', 'alert up']));
  const taken = whole.steps.flat();
  // Those that depend on it are read in the batch of the decision.
  for (const step of [
    'SELECT m.regions',
    'UPDATE monitors',
    'SELECT team_id AS teamId, cohort',
    'WITH RECURSIVE above',
  ])
    expect(taken.some((name) => name.startsWith(`after ${step}`))).toBe(true);
  const longest = Math.max(...whole.steps.map((steps) => steps.length));
  for (let at = 0; at < longest; at++)
    expect((await play(at)).relative, `killed at step ${at}`).toEqual(whole.relative);
});
