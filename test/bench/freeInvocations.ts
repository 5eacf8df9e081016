import type { ChecksMessage } from '../../worker/checks/dispatch/message.ts';
import type { Check } from '../../worker/checks/pipeline/batch.ts';
import { loadChecks } from '../../worker/checks/pipeline/check.ts';
import { consumeChecks } from '../../worker/checks/pipeline/consume.ts';
import type { Region } from '../../worker/domain/checks/region.ts';
import { runMinute } from '../../worker/handlers.ts';
import type { Prober } from '../../worker/objects/prober.ts';
import { type Services, servicesOf } from '../../worker/services.ts';
import { type Asked, answers, fresh, watching } from './subrequests.ts';

let asked: Asked = fresh();
let isAnswered = false;
/** Of the cron that ran last, ms; the clock stands at 0 while modules load. */
let minute = 0;
let made: Services | undefined;

const servicesFor = (env: Env): Services => {
  made ??= servicesOf(
    watching(
      env,
      () => asked,
      () => isAnswered,
    ),
  );
  return made;
};

interface Row {
  number: number;
  cohort: number;
  interval_seconds: number;
  regions: string;
}

let known: { message: ChecksMessage; checks: Check[] } | undefined;

/** A batch of all monitors from their first region, due now. */
const batchOf = async (env: Env) => {
  if (!known) {
    const all = await env.DB.prepare('SELECT number, cohort, interval_seconds, regions FROM monitors').all<Row>();
    const [first] = all.results;
    if (!first) throw new Error('There are no monitors.');
    const region = (JSON.parse(first.regions) as Region[])[0] as Region;
    const monitors = all.results.map(({ number }) => number);
    const message: ChecksMessage = {
      ...{ version: 1, correlationId: 'run_bench', cohort: first.cohort, intervalSeconds: first.interval_seconds },
      ...{ region, slot: 0, lane: 'normal', monitors },
    };
    known = { message, checks: await loadChecks(servicesOf(env), { cohort: first.cohort, region, monitors }) };
  }
  return { ...known, message: { ...known.message, slot: Date.now() } };
};

/** Answers at once that all is well: what an object costs is not the consumer's. */
const answeringProber = {
  probe: async ({ region, slot }: ChecksMessage, checks: Check[]) => ({
    ...{ handedBack: [], open: 0, slow: [] },
    done: checks.map(({ monitor }) => ({
      monitor,
      outcome: {
        ...{ health: 'up', reason: 'ok', status: 200, latencyMs: 12, region, dataCentre: 'FRA' },
        ...{ scheduledAt: slot, startedAt: slot },
      },
    })),
  }),
} as unknown as DurableObjectStub<Prober>;

/** One invocation of each kind, as the platform makes it. */
const kinds: Record<string, (env: Env) => Promise<unknown>> = {
  'cron minute': (env) => {
    minute = minute === 0 ? Math.floor(Date.now() / 60_000) * 60_000 : minute + 60_000;
    return runMinute(servicesFor(env), minute);
  },
  'batch of five': async (env) => {
    const { message } = await batchOf(env);
    const queued = { id: 'm', timestamp: new Date(), attempts: 1, body: message, ack: () => {}, retry: () => {} };
    const services = servicesFor(env);
    const prober: Services['prober'] = () => {
      asked.objectCalls++;
      return answeringProber as ReturnType<Services['prober']>;
    };
    await consumeChecks(isAnswered ? { ...services, prober } : services, {
      queue: '',
      messages: [queued],
    } as unknown as MessageBatch<unknown>);
  },
  'Prober call': async (env) => {
    const { message, checks } = await batchOf(env);
    const options = { answerWithinMs: 10_000, mayHandBack: false, gatherer: null, isOnlyCall: true };
    await servicesFor(env).prober(message.region, 'bench').probe(message, checks, options);
  },
};

/**
 * Runs so many invocations of a kind, one after the other, and answers with what the last one asked outside. `alone`: the
 * database, and to a batch the Prober, answer at once.
 */
export const invoke = async (env: Env, { kind, times, alone }: { kind: string; times: number; alone: boolean }) => {
  isAnswered = alone;
  for (let i = 0; i < times; i++) {
    asked = fresh();
    await kinds[kind]?.(env);
  }
  return asked;
};

/** For a process that has asked nothing yet. */
export const takeAnswers = (known: readonly [string, unknown][]) => {
  for (const [trip, answer] of known) answers.set(trip, answer);
};
