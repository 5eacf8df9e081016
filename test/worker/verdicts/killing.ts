import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { consumeAlerts } from '../../../worker/alerts/outbox/consume.ts';
import { sweepDeliveries } from '../../../worker/alerts/outbox/sweep.ts';
import { keep } from '../support/kept.ts';
import { services } from '../support/seed.ts';
import { nameOf, watchDatabase } from './steps.ts';

/**
 * A Worker that can be killed before and after each statement, each write of an object's storage, each message to the
 * queue, each call of an outbox and each request to the receiver. All that runs of it then ends at once: objects, consumer
 * and sweep.
 */
export const worker = {
  isWatched: false,
  steps: [] as string[],
  /** Of the steps, counted over all lives, those at which it is killed. */
  killAt: [] as number[],
  /** Beginning of the name of a step at whose first time it is killed as well. */
  killOn: null as string | null,
  /** Beginning of the name of a step that fails at its first time, without the Worker being killed. */
  failOn: null as string | null,
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

/** Without any activity for this long, nothing continues by itself. */
const quietMs = 40;

const forever = () => new Promise<never>(() => {});

/** True where the Worker is dead: callers never return. */
const diesAt = (name: string): boolean => {
  worker.movedAt = Date.now();
  // The others have died with it.
  if (worker.isDead) return true;
  worker.steps.push(name);
  const isNamed = worker.killOn !== null && name.startsWith(worker.killOn);
  if (!isNamed && !worker.killAt.includes(worker.steps.length - 1)) return false;
  if (isNamed) worker.killOn = null;
  worker.kills++;
  worker.isDead = true;
  return true;
};

export const around = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
  if (!worker.isWatched) return run();
  if (diesAt(`before ${name}`)) return forever();
  if (worker.failOn !== null && name.startsWith(worker.failOn)) {
    worker.failOn = null;
    throw new Error('failed by a test');
  }
  worker.running++;
  const { life } = worker;
  const answer = await run().finally(() => {
    if (worker.life === life) worker.running--;
  });
  // What it was killed in the middle of goes on in no later life.
  return worker.life !== life || diesAt(`after ${name}`) ? forever() : answer;
};

/** An object's storage sees its own writes at once, also those that nobody waits for. */
const aroundWrite = <T>(name: string, run: () => Promise<T>): Promise<T> => {
  if (!worker.isWatched) return run();
  if (diesAt(`before ${name}`)) return forever();
  const answer = run();
  return diesAt(`after ${name}`) ? forever() : answer;
};

/** Of an object that exists for this alone. */
const watchStorage = () =>
  runInDurableObject<DurableObject, void>(services.outbox('chn_none'), (_, { storage }) => {
    const prototype = Object.getPrototypeOf(storage);
    keep(prototype);
    for (const name of ['put', 'setAlarm', 'deleteAlarm', 'deleteAll']) {
      const real = prototype[name];
      prototype[name] = function (...given: unknown[]) {
        return aroundWrite(`storage ${name}`, () => real.apply(this, given));
      };
    }
  });

/** From now on. Answers with the database as it was, for what a test asks itself. */
export const watchWorker = async () => {
  const database = watchDatabase((statement, run) => around(nameOf(statement), run));
  await watchStorage();
  Object.getPrototypeOf(env.ALERTS).sendBatch = (messages: Iterable<{ body: unknown }>) =>
    around('queue', async () => void worker.queue.push(...[...messages].map(({ body }) => body)));
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) =>
    init?.method === 'POST' ? around('send', () => fetch(input, init)) : fetch(input, init);
  return database;
};

/** Can be killed, and reports when it has nothing left to send. */
export interface Play {
  teamId: string;
  channelId: string;
  monitorIds: string[];
}

export const begin = () =>
  Object.assign(worker, {
    steps: [],
    killAt: [],
    killOn: null,
    failOn: null,
    kills: 0,
    isDead: false,
    running: 0,
    queue: [],
    isWatched: true,
  });

/** What ran is gone; what comes next finds a new Worker. */
export const restart = async ({ monitorIds, channelId }: Play) => {
  for (const stub of [...monitorIds.map((id) => services.monitor(id)), services.outbox(channelId)])
    await runInDurableObject<DurableObject, void>(stub, (_, state) => state.abort('killed by a test')).catch(() => {});
  // Nothing of it is left that could still move.
  Object.assign(worker, { isDead: false, running: 0, movedAt: 0, life: worker.life + 1 });
};

/** True where it was done, false where the Worker was killed meanwhile. */
export const alive = async (work: Promise<unknown>): Promise<boolean> => {
  const state = { isDone: false };
  void work.then(
    () => Object.assign(state, { isDone: true }),
    () => {},
  );
  while (!state.isDone && !worker.isDead) await scheduler.wait(1);
  return !worker.isDead;
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

/** The runtime itself lets seconds pass before it repeats an alarm that was killed. */
const alarmWithinMs = 6_000;

const isAlarmDue = ({ channelId }: Play) =>
  runInDurableObject<DurableObject, boolean>(services.outbox(channelId), async (_, { storage }) => {
    const at = await storage.getAlarm();
    return at !== null && at < Date.now() + alarmWithinMs;
  });

/** Monitors that could not carry out a decision, because what they called had been killed: they wait until it is due again. */
const retrying = async ({ monitorIds }: Play) => {
  const found = await Promise.all(
    monitorIds.map((id) =>
      runInDurableObject<DurableObject, boolean>(
        services.monitor(id),
        async (_, { storage }) => (await storage.get('retry')) !== undefined,
      ),
    ),
  );
  return monitorIds.filter((_, i) => found[i]);
};

const agoMs = 300_000;

/** Until there is nothing left to send: messages come, and where nothing moves any more, the sweep. */
export const drain = async (database: ReturnType<typeof watchDatabase>, play: Play) => {
  const isSettled = async () => {
    const open = database.prepare('SELECT count(*) AS n FROM deliveries WHERE team_id = ?1 AND settled_at IS NULL');
    return (await open.bind(play.teamId).first<number>('n')) === 0;
  };
  /** Advances to the time at which claims expire, a digest has its next turn, and the sweep runs. */
  const sweep = async () => {
    await database
      .prepare(
        `UPDATE deliveries SET tried_at = tried_at - ${agoMs}, created_at = created_at - ${agoMs},
           next_attempt_at = iif(digest IS NULL AND settled_at IS NULL, 0, next_attempt_at)
         WHERE team_id = ?1`,
      )
      .bind(play.teamId)
      .run();
    await alive(sweepDeliveries(services));
  };
  worker.movedAt = Date.now();
  while (worker.isDead || worker.queue.length > 0 || !(await isSettled()) || (await retrying(play)).length > 0) {
    if (worker.isDead) await restart(play);
    for (const id of worker.queue.length > 0 ? [] : await retrying(play))
      if (!worker.isDead) await alive(runDurableObjectAlarm(services.monitor(id)));
    if (worker.queue.length > 0) await consume();
    if (!worker.isDead && (await isAlarmDue(play))) await alive(runDurableObjectAlarm(services.outbox(play.channelId)));
    await scheduler.wait(2);
    if (!worker.isDead && worker.running === 0 && Date.now() - worker.movedAt > quietMs) await sweep();
  }
};
