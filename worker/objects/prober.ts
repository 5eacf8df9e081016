import { DurableObject } from 'cloudflare:workers';
import type { Batch, Check, CheckResult } from '../checks/check.ts';
import { deliver } from '../checks/deliver.ts';
import { createLocalFaults } from '../checks/localFaults.ts';
import { probe } from '../checks/probes/kind.ts';
import { isLoud, type Outcome } from '../domain/outcome.ts';
import { isStale } from '../domain/schedule.ts';
import { log, logFailure } from '../log.ts';
import { createServices, type Services } from '../services.ts';
import { Call } from './call.ts';
import { Slots } from './slots.ts';

/** The platform lets an object have six requests that wait for headers; a seventh would wait inside the platform. */
export const maxInFlight = 6;

/** When no check could begin for this long although some wait, the slots are held by targets that do not answer. */
const stalledAfterMs = 600;

/** Stragglers that end within this time are delivered together: each delivery writes their row once more. */
const gatherMs = 500;

/** How often they are brought where storing or judging fails, and the pause between. */
const deliveries = 4;
const redeliverMs = 2_000;

const askDataCentreEveryMs = 600_000;

export interface ProbeOptions {
  /** 0: answer at once, and deliver everything from here. */
  answerWithinMs: number;
  mayHandBack: boolean;
}

export interface ProbeAnswer {
  done: CheckResult[];
  /** Not begun: for another Prober. */
  handedBack: Check[];
}

/** Probes targets from one region: created with its location hint, at most six requests at a time. */
export class Prober extends DurableObject<Env> {
  readonly #services: Services = createServices(this.env);
  readonly #slots = new Slots(maxInFlight);
  readonly #faultOf = createLocalFaults(this.#services.config.localFaultsUrl);
  #dataCentre: Promise<string | null> | undefined;
  #askDataCentreAt = 0;

  /**
   * Probes `checks` and answers when all are done, after `answerWithinMs`, or when it is stalled. What is under way
   * then goes on and is delivered from here. A check that could not begin within its interval is dropped: missing.
   */
  async probe(batch: Batch, checks: Check[], options: ProbeOptions): Promise<ProbeAnswer> {
    const call = new Call(batch, checks.length);
    const tickets = checks.map((check) => this.#slots.enter(() => this.#run(call, check)));
    const someWait = () => options.mayHandBack && tickets.some((ticket) => ticket.waiting);
    await call.untilAnswer(options.answerWithinMs, () =>
      someWait() ? this.#slots.lastBegunAt + stalledAfterMs : null,
    );
    const handedBack = call.stalled ? checks.filter((_, i) => tickets[i]?.withdraw()) : [];
    call.forget(handedBack.length);
    const done = call.take();
    if (call.open > 0) this.ctx.waitUntil(this.#deliverStragglers(call));
    return { done, handedBack };
  }

  async #run(call: Call, check: Check): Promise<void> {
    const { batch } = call;
    if (isStale(batch.slot, batch.intervalSeconds, Date.now())) return call.end(null);
    try {
      const outcome = await this.#look(batch, check);
      call.end({ check, outcome });
    } catch (error) {
      // A failing target is an outcome, so this is a fault of ours: it costs this check and not those beside it.
      logFailure('batch', batch.correlationId, error, { monitorId: check.monitorId, region: batch.region });
      call.end(null);
    }
  }

  async #look(batch: Batch, { target, timeoutMs, degradedAboveMs, known }: Check): Promise<Outcome> {
    const dataCentre = await this.#whereAmI();
    const fault = await this.#faultOf(batch.region);
    const startedAt = Date.now();
    const { allowPrivateTargets } = this.#services.config;
    const keepAnswer = isLoud(known, { health: 'down' });
    const result = fault ?? (await probe({ target, timeoutMs, degradedAboveMs, allowPrivateTargets, keepAnswer }));
    return { ...result, region: batch.region, dataCentre, scheduledAt: batch.slot, startedAt };
  }

  async #deliverStragglers(call: Call): Promise<void> {
    for await (const results of call.rest(gatherMs)) await this.#deliverLate(call, results);
  }

  /** Nobody brings these again, so it is tried again here. After that they are missing, and the next checks will tell. */
  async #deliverLate({ batch, open }: Call, results: CheckResult[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { loud } = await deliver(this.#services, batch, results);
        return log('stragglers', batch.correlationId, { ...batch, done: results.length, open, loud });
      } catch (error) {
        const lost = attempt === deliveries ? results.length : 0;
        logFailure('stragglers', batch.correlationId, error, { ...batch, attempts: attempt, lost });
        if (lost > 0) return;
        await scheduler.wait(redeliverMs);
      }
    }
  }

  /** Asked once in an object's life; where it failed, again after a while, because the checks wait for it. */
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

const askDataCentre = async (url: string | null): Promise<string | null> => {
  if (!url) return null;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    return /^colo=([A-Z]{3})$/m.exec(await response.text())?.[1] ?? null;
  } catch {
    return null;
  }
};
