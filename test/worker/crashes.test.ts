import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { consumeAlerts } from '../../worker/alerts/consume.ts';
import { sweepDeliveries } from '../../worker/alerts/sweep.ts';
import { receiverFor, seedMonitor, seedWebhook } from './alerting.ts';
import { outcomeOf, refOf, timelineOf } from './judged.ts';
import { services } from './seed.ts';
import { nameOf, watchDatabase } from './steps.ts';

/**
 * The Worker can be killed before and after each statement, each message to the queue, each call of an outbox and each
 * request to the receiver. All that runs of it then ends at once: objects, consumer and sweep.
 */
const worker = {
  isWatched: false,
  steps: [] as string[],
  /** Of the steps, counted over all lives, those at which it is killed. */
  killAt: [] as number[],
  kills: 0,
  isDead: false,
  life: 0,
  /** Between a step before and the step after. */
  running: 0,
  /** When something happened last. */
  movedAt: 0,
  /** Of the queue `pharos-alerts`: what is not acknowledged comes again. */
  queue: [] as unknown[],
};

/** Where nothing moves for so long, nothing goes on by itself. */
const quietMs = 40;

const forever = () => new Promise<never>(() => {});

const reach = async (name: string) => {
  worker.movedAt = Date.now();
  // The others have died with it.
  if (worker.isDead) return forever();
  worker.steps.push(name);
  if (!worker.killAt.includes(worker.steps.length - 1)) return;
  worker.kills++;
  worker.isDead = true;
  return forever();
};

const around = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
  if (!worker.isWatched) return run();
  await reach(`before ${name}`);
  worker.running++;
  const { life } = worker;
  const answer = await run().finally(() => {
    if (worker.life === life) worker.running--;
  });
  await reach(`after ${name}`);
  return answer;
};

let database: ReturnType<typeof watchDatabase>;

beforeAll(() => {
  database = watchDatabase((statement, run) => around(nameOf(statement), run));
  Object.getPrototypeOf(env.ALERTS).sendBatch = (messages: Iterable<{ body: unknown }>) =>
    around('queue', async () => void worker.queue.push(...[...messages].map(({ body }) => body)));
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) =>
    init?.method === 'POST' ? around('send', () => fetch(input, init)) : fetch(input, init);
});

const seed = async () => {
  worker.isWatched = false;
  const seeded = await seedMonitor();
  const { teamId } = seeded;
  const { url, received } = receiverFor();
  const channel = await seedWebhook(teamId, url);
  Object.assign(worker, { steps: [], kills: 0, isDead: false, queue: [], isWatched: true });
  return { seeded, ref: refOf(seeded), teamId, channelId: channel.id, received };
};

type Play = Awaited<ReturnType<typeof seed>>;

/** What ran is gone; what comes next finds a new Worker. */
const restart = async ({ ref, channelId }: Play) => {
  for (const stub of [services.monitor(ref.id), services.outbox(channelId)])
    await runInDurableObject<DurableObject, void>(stub, (_, state) => state.abort('killed by a test')).catch(() => {});
  // Nothing of it is left that could still move.
  Object.assign(worker, { isDead: false, running: 0, movedAt: 0, life: worker.life + 1 });
};

/** True where it was done, false where the Worker was killed meanwhile. */
const alive = async (work: Promise<unknown>): Promise<boolean> => {
  const state = { isDone: false };
  void work.then(
    () => Object.assign(state, { isDone: true }),
    () => {},
  );
  while (!state.isDone && !worker.isDead) await scheduler.wait(1);
  return !worker.isDead;
};

/** The pipeline brings an outcome again until it is taken. */
const bring = async (play: Play, health: 'up' | 'down', startedAt: number) => {
  const outcome = outcomeOf('weur', startedAt, health);
  while (!(await alive(services.monitor(play.ref.id).observe(play.ref, outcome, 0, 'run_test')))) await restart(play);
};

const consume = async () => {
  const bodies = worker.queue.splice(0);
  const kept = new Set(bodies);
  const messages = bodies.map((body) => ({
    id: 'm',
    body,
    attempts: 1,
    ack: () => kept.delete(body),
    retry: () => {},
  }));
  const batch = { queue: 'pharos-alerts', messages } as unknown as MessageBatch<unknown>;
  const outbox = (id: string) => {
    const stub = services.outbox(id);
    return {
      wake: (...given: Parameters<typeof stub.wake>) => around('wake', () => stub.wake(...given)),
    } as typeof stub;
  };
  await alive(consumeAlerts({ ...services, outbox }, batch));
  worker.queue.push(...kept);
};

const isSettled = async ({ teamId }: Play) => {
  const open = database.prepare('SELECT count(*) AS n FROM deliveries WHERE team_id = ?1 AND settled_at IS NULL');
  return (await open.bind(teamId).first<number>('n')) === 0;
};

/** The time comes at which claims run out and the sweep looks. */
const sweep = async ({ teamId }: Play) => {
  await database
    .prepare('UPDATE deliveries SET next_attempt_at = 0 WHERE team_id = ?1 AND settled_at IS NULL')
    .bind(teamId)
    .run();
  await alive(sweepDeliveries(services));
};

/** Until there is nothing left to send: messages come, and where nothing moves any more, the sweep. */
const drain = async (play: Play) => {
  worker.movedAt = Date.now();
  while (worker.isDead || worker.queue.length > 0 || !(await isSettled(play))) {
    if (worker.isDead) await restart(play);
    if (worker.queue.length > 0) await consume();
    // The runtime itself lets seconds pass before it repeats an alarm that was killed.
    if (!worker.isDead) await alive(runDurableObjectAlarm(services.outbox(play.channelId)));
    await scheduler.wait(2);
    if (!worker.isDead && worker.running === 0 && Date.now() - worker.movedAt > quietMs) await sweep(play);
  }
};

/** A monitor goes down and comes up; the end is told while the outage is still on its way, or after it. */
const play = async (killAt: number[], isQuick: boolean) => {
  const now = Date.now();
  const own = await seed();
  worker.killAt = killAt;
  await bring(own, 'down', now - 2_000);
  if (!isQuick) await drain(own);
  await bring(own, 'up', now - 1_000);
  await drain(own);
  const { kills, steps } = worker;
  worker.isWatched = false;
  return { ...own, kills, steps };
};

/** What the receiver keeps that knows the ids of what it has. */
const judge = async ({ received, teamId, seeded }: Play, name: string) => {
  const requests = (await received()).map(({ headers, body }) => ({ id: headers['webhook-id'], type: body.type }));
  const kept = [...new Map(requests.map((request) => [request.id, request.type])).values()];
  expect(kept, name).toEqual(['alert.down', 'alert.up']);
  const types = requests.map(({ type }) => type);
  expect(types.lastIndexOf('alert.down'), name).toBeLessThan(types.indexOf('alert.up'));
  const rows = database.prepare('SELECT event, state FROM deliveries WHERE team_id = ?1 ORDER BY number').bind(teamId);
  expect((await rows.all()).results, name).toEqual([
    { event: 'down', state: 'delivered' },
    { event: 'recovered', state: 'delivered' },
  ]);
  const told = (await timelineOf(seeded)).filter(({ kind }) => kind === 'told').map(({ detail }) => detail.event);
  expect(told.toSorted(), name).toEqual(['down', 'recovered']);
  return requests.length - kept.length;
};

test('a Worker that is killed between any two steps tells an outage and its end, in this order', {
  timeout: 120_000,
}, async () => {
  let kills = 0;
  let repeated = 0;
  for (const isQuick of [true, false]) {
    const whole = await play([], isQuick);
    await judge(whole, 'not killed');
    for (const step of ['UPDATE monitors', 'SELECT DISTINCT d.channel', 'queue', 'wake', 'UPDATE deliveries', 'send'])
      expect(whole.steps.some((name) => name.startsWith(`after ${step}`))).toBe(true);
    // The other steps come later in a list.
    for (let at = 0; at < whole.steps.length; at += 2) {
      const killAt = [at, at + 3, at + 8, at + 17, at + 26];
      const one = await play(killAt, isQuick);
      repeated += await judge(one, `killed at ${killAt}, first ${whole.steps[at]}`);
      kills += one.kills;
    }
  }
  expect(kills).toBeGreaterThanOrEqual(200);
  expect(repeated).toBeGreaterThan(0);
});
