import { DurableObject } from 'cloudflare:workers';
import { identityOf } from '../checks/kinds/http/identity.ts';
import { probe } from '../checks/kinds/probeTarget.ts';
import type { Batch, Check, CheckResult } from '../checks/pipeline/batch.ts';
import { maxBesideStoring, maxInFlight } from '../checks/pipeline/connections.ts';
import { judge } from '../checks/pipeline/deliverOutcomes.ts';
import { createLocalFaults } from '../checks/pipeline/localFaults.ts';
import { followsRedirects } from '../checks/pipeline/redirects.ts';
import { askDataCentre } from '../checks/regions/dataCentre.ts';
import { referenceAnswers } from '../checks/regions/referenceAnswers.ts';
import { type Config, targetRulesOf } from '../config.ts';
import { databaseRests } from '../db/core/retrying.ts';
import { isLoud, type Outcome } from '../domain/checks/outcome.ts';
import type { Region } from '../domain/checks/region.ts';
import { isExpired, stallsAfterMs } from '../domain/checks/schedule.ts';
import { pauseMs } from '../domain/delivery/backoff.ts';
import { storedWithinMs } from '../domain/verdict/freshness.ts';
import { logFailure } from '../log.ts';
import { reportRefusedTicks } from '../operations/deadLetters.ts';
import { type Services, servicesOf } from '../services.ts';
import { appendParts, appendTicks } from '../ticks/append.ts';
import type { Tick } from '../ticks/tick.ts';
import { Backlog } from './backlog.ts';
import { Call } from './call.ts';
import { Deadlines } from './deadlines.ts';
import { Gathering } from './gathering.ts';
import { keepPressure, lagMs, refreshPressure } from './pressure.ts';
import type { LatePart, ProbeAnswer, ProbeOptions, ProberRpc } from './rpc.ts';
import { Slots } from './slots.ts';

/** They are asked while a region is in doubt, and their outcomes are not stored. */
const maxReferences = 6;

/**
 * Lag of a tenth of the time waited, within these limits (ms), explains a late response: a request waits for its turn in this
 * isolate several times.
 */
const explainingLag = { share: 0.1, least: 250, most: 1_000 };

/** Attempts to judge late outcomes, and the pauses between them. */
const attempts = 4;
const pauses = { firstMs: 2_000, maxMs: 16_000 };

const askDataCentreEveryMs = 600_000;

/** Probes targets from one region: created with its location hint, at most six requests at a time. */
export class Prober extends DurableObject<Env> implements ProberRpc {
  readonly #services: Services = servicesOf(this.env);
  readonly #slots = new Slots(() => (this.#gathers || this.#followed > 0 ? maxBesideStoring : maxInFlight));
  readonly #asking = askingOf(this.#services.config);
  readonly #faultOf = createLocalFaults(this.#services.config.localFaultsUrl);
  readonly #gatherings = new Map<string, Gathering>();
  readonly #backlog = new Backlog(this.ctx.storage, {
    write: (parts) => appendParts(this.#services, parts),
    report: (refused) => reportRefusedTicks(this.#services, refused),
  });
  /** Whether this object gathers ticks of others, which its name decides (checks/regions/proberName.ts). */
  #gathers = false;
  /** Calls that have answered and still have open checks. */
  #followed = 0;
  #dataCentre: Promise<string | null> | undefined;
  #askDataCentreAt = 0;

  /**
   * Probes `checks` and answers when all are done, after `answerWithinMs`, or when it is stalled. Open checks continue: their
   * outcomes are judged from here, and their ticks are gathered with those of the batch's other calls. A check that could not
   * begin within its interval is dropped: missing.
   */
  async probe(batch: Batch, checks: Check[], options: ProbeOptions): Promise<ProbeAnswer> {
    await refreshPressure();
    this.#gathers ||= options.gatherer === null;
    const call = new Call(batch, checks.length, stallsAfterMs(checks.map(({ lastMs }) => lastMs)));
    const tickets = checks.map((check) => this.#slots.enter(() => this.#run(call, check)));
    await call.untilAnswer(options.answerWithinMs, () => ({
      movedAt: this.#slots.lastBegunAt,
      waits: options.mayHandBack && tickets.some((ticket) => ticket.waiting),
    }));
    const handedBack = call.stalled ? checks.filter((_, i) => tickets[i]?.withdraw()) : [];
    call.forget(handedBack.length);
    const done = call.take().map(toTick);
    if (call.open > 0) {
      if (options.isOnlyCall && handedBack.length === 0) this.#gatheringOf(batch).expect(1);
      this.#followed++;
      this.ctx.waitUntil(this.#followUp(call, options.gatherer).finally(() => this.#followed--));
    }
    return { done, handedBack: handedBack.map(({ monitor }) => monitor), open: call.open, slow: call.slow() };
  }

  /** Takes ticks for the one row of a batch that this object gathers. */
  async gather(batch: Batch, part: LatePart): Promise<void> {
    this.#gatheringOf(batch).add(part);
  }

  /** All calls of the batch have answered, and this many of them will send ticks. */
  async expect(batch: Batch, calls: number): Promise<void> {
    this.#gatheringOf(batch).expect(calls);
  }

  /** Stores ticks that D1 did not take until it does. */
  async hold(batch: Batch, ticks: readonly Tick[]): Promise<void> {
    await this.#backlog.add(batch, ticks);
  }

  override async alarm(): Promise<void> {
    await this.#backlog.flush();
  }

  /** Whether each of these reference targets answers here, failures of its own included. Nothing is stored. */
  async reach(region: Region, urls: readonly string[]): Promise<boolean[]> {
    if (await this.#faultOf(region)) return urls.map(() => false);
    return Promise.all(urls.slice(0, maxReferences).map((url) => this.#inSlot(() => referenceAnswers(url))));
  }

  /** All outgoing requests of an object use its slots, so that one place limits the sum. */
  #inSlot<T>(ask: () => Promise<T>): Promise<T> {
    return new Promise((done) => {
      this.#slots.enter(async () => done(await ask()));
    });
  }

  async #run(call: Call, check: Check): Promise<void> {
    const { batch } = call;
    if (isExpired(batch.slot, batch.intervalSeconds, check.stretch, Date.now())) return call.end(null, check.monitor);
    call.begin(check.monitor);
    try {
      const outcome = await this.#look(batch, check);
      if (endsByClock(outcome)) await refreshPressure();
      else keepPressure();
      call.end(isOurFault(check, outcome) ? null : { check, outcome }, check.monitor);
    } catch (error) {
      // A failing target is an outcome, so this is a fault of ours: it costs this check and no other.
      logFailure('batch', batch.correlationId, error, { monitorId: check.monitorId, region: batch.region });
      call.end(null, check.monitor);
    }
  }

  async #look(batch: Batch, check: Check): Promise<Outcome> {
    const { target, timeoutMs, degradedAboveMs, known } = check;
    const dataCentre = await this.#whereAmI();
    const fault = await this.#faultOf(batch.region);
    const startedAt = Date.now();
    const keepAnswer = isLoud(known, { health: 'down' });
    const mayFollow = followsRedirects(this.#services, check);
    const asked = { ...this.#asking, target, timeoutMs, degradedAboveMs, keepAnswer, mayFollow };
    const result = fault ?? (await probe(asked));
    return { ...result, region: batch.region, dataCentre, scheduledAt: batch.slot, startedAt };
  }

  /** Judges results after the answer at once; their ticks wait, unless they are loud, until the whole call has ended. */
  async #followUp(call: Call, gatherer: string | null): Promise<void> {
    const { batch } = call;
    let ticks: Tick[] = [];
    let storeBy = Number.POSITIVE_INFINITY;
    for await (const results of call.rest(() => storeBy)) {
      if (results.length > 0) this.ctx.waitUntil(this.#judgeLate(batch, results));
      ticks.push(...results.map(toLateTick));
      storeBy = Math.min(storeBy, ...results.map(storeByOf));
      if (call.open > 0 && Date.now() < storeBy) continue;
      await this.#bring(batch, gatherer, { ticks, storeBy, closes: call.open === 0 });
      ticks = [];
      storeBy = Number.POSITIVE_INFINITY;
    }
  }

  /** A gatherer that cannot be reached costs one more row, and no tick. */
  async #bring(batch: Batch, gatherer: string | null, part: LatePart): Promise<void> {
    if (gatherer === null) return this.#gatheringOf(batch).add(part);
    try {
      await this.#services.prober(batch.region, gatherer).gather(batch, part);
    } catch (error) {
      logFailure('stragglers', batch.correlationId, error, { region: batch.region, slot: batch.slot });
      await this.#storeLate(batch, part.ticks);
    }
  }

  #gatheringOf(batch: Batch): Gathering {
    this.#gathers = true;
    const key = `${batch.cohort} ${batch.slot} ${batch.lane}`;
    const known = this.#gatherings.get(key);
    if (known) return known;
    const gathering = new Gathering();
    this.#gatherings.set(key, gathering);
    const store = async () => {
      for await (const ticks of gathering.rows()) await this.#storeLate(batch, ticks);
      this.#gatherings.delete(key);
    };
    this.ctx.waitUntil(store());
    return gathering;
  }

  /** Nothing else delivers these again, so the attempt is repeated here. After that the next checks decide. */
  async #judgeLate(batch: Batch, results: CheckResult[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await judge(this.#services, batch, results);
        return;
      } catch (error) {
        const lost = attempt === attempts ? results.length : 0;
        logFailure('stragglers', batch.correlationId, error, { ...batch, attempts: attempt, lost });
        if (lost > 0) return;
        await scheduler.wait(pauseMs(attempt, pauses, Math.random()));
      }
    }
  }

  async #storeLate(batch: Batch, ticks: Tick[]): Promise<void> {
    if (ticks.length === 0) return;
    try {
      if (databaseRests()) return await this.#backlog.add(batch, ticks);
      await appendTicks(this.#services, batch, ticks);
    } catch (error) {
      logFailure('backlog', batch.correlationId, error, { ...batch, held: ticks.length });
      await this.#backlog.add(batch, ticks);
    }
  }

  /** Asked once in an object's life; after a failure again after a while, because the checks wait for it. */
  #whereAmI(): Promise<string | null> {
    if (this.#dataCentre === undefined || Date.now() >= this.#askDataCentreAt) {
      this.#askDataCentreAt = Date.now() + askDataCentreEveryMs;
      this.#dataCentre = askDataCentre(this.#services.config.dataCentreUrl).then((found) => {
        if (found !== null) this.#askDataCentreAt = Number.POSITIVE_INFINITY;
        return found;
      });
    }
    return this.#dataCentre;
  }
}

/** Options that all probes of an object share. */
const askingOf = (config: Config) => {
  const deadlines = new Deadlines();
  return {
    allowPrivateTargets: targetRulesOf(config),
    identity: identityOf(config),
    localRuntime: config.localRuntime,
    deadlines: deadlines.set.bind(deadlines),
  };
};

/** The response was in time but may have waited in this machine: this must not count as down or slow, so the check is missing. */
const isOurFault = ({ timeoutMs, degradedAboveMs }: Check, { reason, latencyMs }: Outcome) => {
  if (reason === 'timeout') return explains(Math.max(lagMs(), latencyMs - timeoutMs), timeoutMs);
  return reason === 'slow' && explains(lagMs(), degradedAboveMs ?? timeoutMs);
};

/** The response came too late, or not at all: only then its waiting time here matters. */
const endsByClock = ({ reason }: Outcome) => reason === 'timeout' || reason === 'slow';

const explains = (lag: number, waitedMs: number) => {
  const { share, least, most } = explainingLag;
  return lag > Math.min(most, Math.max(least, share * waitedMs));
};

const toTick = ({ check, outcome }: CheckResult): Tick => ({ monitor: check.monitor, outcome });

/** The target's response is evidence for the verdict, and not part of a stored tick. */
const toLateTick = ({ check, outcome: { answer: _, ...outcome } }: CheckResult): Tick => ({
  monitor: check.monitor,
  outcome,
});

/** Loud ticks are stored at once: reviews of a region and pages of an outage read them. */
const storeByOf = ({ check, outcome }: CheckResult) =>
  isLoud(check.known, outcome) ? 0 : outcome.startedAt + storedWithinMs(check);
