import type { Region } from '../../domain/checks/region.ts';
import { isExpired } from '../../domain/checks/schedule.ts';
import { pauseMs } from '../../domain/delivery/backoff.ts';
import { log, logFailure } from '../../log.ts';
import type { ProbeAnswer } from '../../objects/rpc.ts';
import type { Services } from '../../services.ts';
import { type ChecksMessage, queueMessage, unpackMessage } from '../dispatch/message.ts';
import { reviewRegions } from '../regions/distrust.ts';
import { gathererName, proberName } from '../regions/proberName.ts';
import type { Batch, Check, CheckResult } from './batch.ts';
import { loadChecks } from './check.ts';
import { callsOf } from './connections.ts';
import { deliverOutcomes } from './deliverOutcomes.ts';
import { noteSpeed, type Speed } from './noteSpeed.ts';

/** A call answers after this long with the finished checks; the Prober delivers the rest itself. */
export const answerWithinMs = 2_000;

/** How often checks that could not begin move to another Prober before they wait for their turn at the last. */
const maxMoves = 3;

/** A redelivered message probes again, so not at once; by then most of it is stale, and the next checks have replaced it. */
const retryPauses = { firstMs: 10_000, maxMs: 120_000 };

/** The result of one batch. */
interface Handled {
  correlationId: string;
  cohort: number;
  region: Region;
  checks: number;
  done: number;
  loud: number;
  stale: number;
  lagMs: number;
  durationMs: number;
}

/** Messages settle one by one: an unreadable one, or one whose handling failed, is redelivered and ends as a dead letter. */
export const consumeChecks = async (services: Services, queued: MessageBatch<unknown>): Promise<void> => {
  const handled = await Promise.all(queued.messages.map((message) => settle(services, message)));
  for (const [correlationId, own] of Map.groupBy(handled.flat(), (one) => one.correlationId))
    logHandled(correlationId, own);
};

/** One line for all messages of a delivery from the same minute: logs are billed by the line. */
const logHandled = (correlationId: string, handled: readonly Handled[]) => {
  const sum = (of: (one: Handled) => number) => handled.reduce((total, one) => total + of(one), 0);
  const most = (of: (one: Handled) => number) => Math.max(...handled.map(of));
  log('batch', correlationId, {
    region: handled[0]?.region,
    cohorts: [...new Set(handled.map(({ cohort }) => cohort))],
    batches: handled.length,
    checks: sum(({ checks }) => checks),
    done: sum(({ done }) => done),
    loud: sum(({ loud }) => loud),
    stale: sum(({ stale }) => stale),
    lagMs: most(({ lagMs }) => lagMs),
    durationMs: most(({ durationMs }) => durationMs),
  });
};

const settle = async (services: Services, message: Message<unknown>): Promise<Handled[]> => {
  const parsed = queueMessage.safeParse(message.body);
  if (!parsed.success) {
    logFailure('batch', 'none', 'The message is not from Pharos', {
      messageId: message.id,
      attempts: message.attempts,
    });
    message.retry();
    return [];
  }
  const { attempts } = message;
  try {
    const { correlationId } = parsed.data;
    const handled =
      'review' in parsed.data
        ? await review(services, parsed.data.review, correlationId, attempts)
        : await runBatches(services, unpackMessage(parsed.data), attempts);
    message.ack();
    return handled;
  } catch {
    message.retry({ delaySeconds: retryAfterSeconds(attempts) });
    return [];
  }
};

const retryAfterSeconds = (attempts: number) => Math.ceil(pauseMs(attempts, retryPauses, Math.random()) / 1000);

const review = async (services: Services, region: Region, correlationId: string, attempts: number) => {
  try {
    await reviewRegions(services, region, correlationId);
    return [];
  } catch (error) {
    logFailure('distrust', correlationId, error, { region, attempts });
    throw error;
  }
};

/**
 * Runs batches in parallel. If some batches of a message fail, they are sent again as messages of their own, so that the
 * others are not probed again; throws where that fails as well.
 */
const runBatches = async (services: Services, batches: readonly ChecksMessage[], attempts: number) => {
  const run = async (batch: ChecksMessage) => {
    try {
      return await runBatch(services, batch);
    } catch (error) {
      const { correlationId, cohort, region, slot } = batch;
      logFailure('batch', correlationId, error, { cohort, region, slot, attempts });
      if (batches.length === 1) throw error;
      await services.queue(region).send(batch, { delaySeconds: retryAfterSeconds(attempts) });
      return null;
    }
  };
  const handled = await Promise.allSettled(batches.map(run));
  const failed = handled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return handled.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
};

const runBatch = async (services: Services, message: ChecksMessage): Promise<Handled> => {
  const { version: _, monitors, stretch = 1, ...batch } = message;
  const begun = services.now();
  const { correlationId, cohort, region } = batch;
  const about = { correlationId, cohort, region, checks: monitors.length, lagMs: begun - batch.slot };
  if (isExpired(batch.slot, batch.intervalSeconds, stretch, begun))
    return { ...about, done: 0, loud: 0, stale: monitors.length, durationMs: 0 };
  const checks = await loadChecks(services, { cohort: batch.cohort, region: batch.region, monitors, before: batch });
  const groups = callsOf(checks, batch.lane);
  const probed = await Promise.allSettled(
    groups.map((group, index) => probeChunk(services, batch, group, { index, count: groups.length })),
  );
  const answered = probed.flatMap((chunk) => (chunk.status === 'fulfilled' ? [chunk.value] : []));
  const results = answered.flatMap((chunk) => chunk.results);
  const openCalls = answered.reduce((sum, chunk) => sum + chunk.openCalls, 0);
  const calls = answered.reduce((sum, chunk) => sum + chunk.calls, 0);
  if (openCalls > 0 && calls > 1) await announceStragglers(services, batch, openCalls);
  const underWay = answered.flatMap((chunk) => chunk.slow);
  const [{ loud }] = await Promise.all([
    deliverOutcomes(services, batch, results),
    learnSpeed(services, batch, { checks, results, underWay }),
  ]);
  const failed = probed.find((chunk) => chunk.status === 'rejected');
  if (failed) throw failed.reason;
  return { ...about, done: results.length, loud, stale: 0, durationMs: services.now() - begun };
};

/** The next checks repeat what is not learned now: no check is made twice for it. */
const learnSpeed = async (services: Services, batch: Batch, speed: Speed) => {
  try {
    await noteSpeed(services, batch, speed);
  } catch (error) {
    logFailure('batch', batch.correlationId, error, { region: batch.region, slot: batch.slot });
  }
};

/** Where the gatherer cannot be reached, it stores the stragglers' ticks at their deadline. */
const announceStragglers = async (services: Services, batch: Batch, openCalls: number) => {
  try {
    await services.prober(batch.region, gathererName(services, batch)).expect(batch, openCalls);
  } catch (error) {
    logFailure('stragglers', batch.correlationId, error, { region: batch.region, slot: batch.slot });
  }
};

interface Probed {
  results: CheckResult[];
  calls: number;
  /** Calls that had open checks when they answered. */
  openCalls: number;
  /** Numbers of monitors whose checks take long. */
  slow: number[];
}

/**
 * Probes a chunk. A Prober whose slots are all held by hanging targets hands back the checks that it could not begin, and
 * another one takes them over: one hanging target delays no others. The same happens when a Prober fails, but only once: a
 * chunk that brings down two Probers is not tried on more, and the message is redelivered.
 */
const probeChunk = async (services: Services, batch: Batch, chunk: Check[], place: Place): Promise<Probed> => {
  const probed: Probed = { results: [], calls: 0, openCalls: 0, slow: [] };
  let waiting = chunk;
  let mayFail = true;
  const takeOver = (error: unknown): ProbeAnswer => {
    if (!mayFail) throw error;
    mayFail = false;
    logFailure('batch', batch.correlationId, error, { region: batch.region, slot: batch.slot, again: waiting.length });
    return { done: [], handedBack: waiting.map(({ monitor }) => monitor), open: 0, slow: [] };
  };
  for (let move = 0; waiting.length > 0; move++) {
    const name = proberName(services, batch, place.index, move);
    const gatherer = gathererName(services, batch);
    const answer = await services
      .prober(batch.region, name)
      .probe(batch, waiting, {
        answerWithinMs,
        mayHandBack: move < maxMoves,
        gatherer: name === gatherer ? null : gatherer,
        isOnlyCall: place.count === 1 && move === 0,
      })
      .catch(takeOver);
    const outcomes = new Map(answer.done.map(({ monitor, outcome }) => [monitor, outcome]));
    for (const check of waiting) {
      const outcome = outcomes.get(check.monitor);
      if (outcome) probed.results.push({ check, outcome });
    }
    probed.calls++;
    if (answer.open > 0) probed.openCalls++;
    probed.slow.push(...answer.slow);
    waiting = waiting.filter(({ monitor }) => answer.handedBack.includes(monitor));
  }
  return probed;
};

/** Which chunk of how many. */
interface Place {
  index: number;
  count: number;
}
