import { DurableObject } from 'cloudflare:workers';
import { wakeChannels } from '../alerts/outbox/wake.ts';
import type { MonitorRef } from '../checks/dispatch/monitorRef.ts';
import { readStanding, type Standing } from '../db/decisions/decisions.ts';
import { channelsOf, insertDeliveries, planDeliveries, selectWaitingChannels } from '../db/deliveries/deliveryPlan.ts';
import type { Outcome } from '../domain/checks/outcome.ts';
import { type CheckPolicy, checkPolicyFrom } from '../domain/verdict/checkPolicy.ts';
import type { Effect } from '../domain/verdict/effect.ts';
import type { Explanation } from '../domain/verdict/explanation.ts';
import type { LastSeen } from '../domain/verdict/freshness.ts';
import { adopt, noteLastSeen, observe, tick } from '../domain/verdict/machine.ts';
import type { MonitorState } from '../domain/verdict/state.ts';
import { logFailure } from '../log.ts';
import { type Services, servicesOf } from '../services.ts';
import { carryOut } from './carryingOut.ts';
import { caughtUp, left } from './catchingUp.ts';
import { withCountedTime } from './countedTime.ts';
import { explained, folded, mustNotify } from './folding.ts';
import { migrateRecord } from './migrateRecord.ts';
import { type MonitorRecord, type RestingRecord, recordSchemaVersion } from './monitorRecord.ts';
import { type Parked, Retrying } from './retrying.ts';
import type { MonitorRpc } from './rpc.ts';

/** Effects are carried out again after this long where the object ended in between; where they failed: retrying.ts. */
const retryMs = 5_000;

/** In case the call is lost that reports the end of a pause, or the deletion of the monitor. */
const refreshWhileRestingMs = 6 * 3_600_000;

/** An input of the state machine: an outcome, stale data, time. */
type Step = (machine: MonitorState, policy: CheckPolicy, now: number) => [MonitorState, Effect[]];

/**
 * Decides one monitor's verdict: folds loud outcomes into the state machine, saves the result together with its pending
 * effects, and then carries these out. An alarm repeats unfinished effects.
 */
export class Monitor extends DurableObject<Env> implements MonitorRpc {
  readonly #services: Services = servicesOf(this.env);
  #carrying: Promise<boolean> = Promise.resolve(true);
  readonly #retrying = new Retrying(this.ctx.storage);

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(() => this.#retrying.load());
  }

  /**
   * Folds an outcome. One that is old, known, or of a paused or deleted monitor changes nothing. `changedAt` is when the
   * monitor, or what its team judges by, was last changed, as the check found it: so the object notices a change whose
   * notification was lost.
   */
  async observe(ref: MonitorRef, outcome: Outcome, changedAt: number, correlationId: string): Promise<void> {
    const seen = { ref, outcome, changedAt, correlationId };
    // Earlier outcomes are folded first.
    if (this.#retrying.parked.length > 0) return this.#retrying.park(seen);
    try {
      await this.#observeNow(seen);
    } catch (error) {
      await this.#tryAgain(seen, error);
      await this.#retrying.park(seen);
    }
  }

  async #observeNow({ ref, outcome, changedAt, correlationId }: Parked): Promise<void> {
    const known = await this.#load();
    const isBehind = !known || known.changedAt < changedAt;
    if (isBehind) await this.#refreshContext(ref, correlationId);
    const step: Step = (machine, policy, now) => observe(machine, outcome, policy, now);
    await (isBehind ? this.#foldOnce(step, correlationId) : this.#fold(step, correlationId));
    await this.#carryOut();
  }

  /**
   * Refreshes the context and continues: a person created, changed, paused, resumed or deleted the monitor, or a dependency
   * came up again.
   */
  async follow(ref: MonitorRef, correlationId: string): Promise<void> {
    await this.#refreshContext(ref, correlationId);
    await this.#foldOnce(tick, correlationId);
    await this.#carryOut(true);
  }

  /**
   * A region has sent no data for too long. `lastSeen`: when each region last sent data, quiet outcomes included.
   * `intervalMs`: the present interval, which can change without a person's doing (domain/checks/domainLoad.ts).
   */
  async noteLastSeen(lastSeen: LastSeen, intervalMs: number, correlationId: string): Promise<void> {
    await this.#fold(
      (machine, policy, now) => noteLastSeen(machine, lastSeen, { ...policy, intervalMs }, now),
      correlationId,
    );
    await this.#carryOut();
  }

  /** The reasons for the present verdict; null where the monitor is unknown here. Changes nothing. */
  async explain(): Promise<Explanation | null> {
    const record = await this.#load();
    return record ? explained(record, Date.now()) : null;
  }

  override async alarm(): Promise<void> {
    const isWell = await this.#comeBack();
    if ((await this.#carryOut(true)) && isWell && this.#retrying.at !== null) this.#retrying.end();
    // Where nothing was saved, the step whose alarm was replaced by the attempt's is still due.
    const record = await this.#load();
    const at = record ? nextAlarm(record, this.#retrying.at) : null;
    if (at !== null && (await this.ctx.storage.getAlarm()) === null)
      await this.ctx.storage.setAlarm(Math.max(at, Date.now() + 1_000));
  }

  /** False where it failed: then the alarm is set again. */
  async #comeBack(): Promise<boolean> {
    try {
      await this.#retrying.observeParked((parked) => this.#observeNow(parked));
      const known = await this.#load();
      const record = known ?? (await this.#loadAnyForm()) ?? (await this.#loadResting())?.record;
      if (record && (!known || (record.wakeAt !== null && record.wakeAt <= Date.now()))) {
        await this.#refreshContext(record.ref, record.correlationId);
        await this.#foldOnce(tick, record.correlationId);
      }
      return true;
    } catch (error) {
      const about = (await this.#loadAnyForm()) ?? (await this.#loadResting())?.record ?? this.#retrying.parked[0];
      if (about) await this.#tryAgain(about, error);
      return false;
    }
  }

  async #load(): Promise<MonitorRecord | undefined> {
    const record = await this.ctx.storage.get<MonitorRecord>('monitor');
    return record?.schemaVersion === recordSchemaVersion ? record : undefined;
  }

  /** A record of an older schema version needs a refreshed context before anything is folded into it. */
  async #loadAnyForm(): Promise<MonitorRecord | undefined> {
    return (await this.#load()) ?? migrateRecord(await this.ctx.storage.get('monitor'));
  }

  /** The record from before a pause; undefined where nothing rests. */
  async #loadResting(): Promise<RestingRecord | undefined> {
    const resting = await this.ctx.storage.get<RestingRecord>('resting');
    const record =
      resting?.record.schemaVersion === recordSchemaVersion ? resting.record : migrateRecord(resting?.record);
    return resting && record && { ...resting, record };
  }

  /** Refreshes settings and context, and deletes obsolete state where the monitor is not checked. */
  async #refreshContext(ref: MonitorRef, correlationId: string): Promise<void> {
    const standing = await readStanding(this.#services.d1, ref.number, Date.now());
    if (!standing || standing.isPaused) return this.#leave(standing, correlationId);
    // Another call may have saved a newer record during the read.
    const [known, resting] = [await this.#loadAnyForm(), await this.#loadResting()];
    const latest = known ?? resting?.record;
    if (latest && latest.changedAt > standing.changedAt) return;
    const now = Date.now();
    const record = caughtUp(latest, ref, standing, now, !known && resting ? now - resting.since : 0);
    if (resting) void this.ctx.storage.delete('resting');
    if (latest && record.machine === latest.machine && latest.changedAt === standing.changedAt)
      return this.#save(record);
    this.#save(folded(record, adopt(record.machine, checkPolicyFrom(record.settings), now), correlationId, now));
  }

  /**
   * Notifications depend on the present context. It is read when a notification is due or waits for it, and never in quiet
   * times: the step is tried with the known context, and taken with the refreshed one.
   */
  async #fold(step: Step, correlationId: string): Promise<void> {
    const record = await this.#load();
    if (!record) return;
    const now = Date.now();
    const [machine, effects] = step(record.machine, checkPolicyFrom(record.settings), now);
    const isNotified = mustNotify(record, machine, now) || effects.some((effect) => effect.type !== 'ask');
    if (machine !== record.machine && isNotified) await this.#refreshContext(record.ref, correlationId);
    await this.#foldOnce(step, correlationId);
  }

  async #foldOnce(step: Step, correlationId: string): Promise<void> {
    const record = await this.#load();
    if (!record) return;
    const now = Date.now();
    const [machine, effects] = step(record.machine, checkPolicyFrom(record.settings), now);
    if (machine !== record.machine) this.#save(folded(record, [machine, effects], correlationId, now));
  }

  #save(record: MonitorRecord): void {
    // Not awaited: the output gate delays every response until this is on disk.
    void this.ctx.storage.put('monitor', record);
    const at = nextAlarm(record, this.#retrying.at);
    void (at === null ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(at));
  }

  /**
   * The monitor is no longer checked. Recipients of an alert are notified that monitoring has ended, except for an outage
   * that is open while the monitor is paused: that rests. Where notifying fails, the alarm repeats it.
   */
  async #leave(standing: Standing | null, correlationId: string): Promise<void> {
    const before = await this.#loadResting();
    const record = (await this.#loadAnyForm()) ?? before?.record;
    const { notified, resting } = record ? left(record, standing, Date.now()) : { notified: [], resting: null };
    if (record && notified.length > 0) {
      this.#save({ ...record, wakeAt: Date.now() + retryMs });
      const { d1 } = this.#services;
      const { number: monitor, teamId } = record.ref;
      const plan = await planDeliveries(d1, teamId, notified, withCountedTime(this.#services, record, notified));
      const { teamLimits: limits } = this.#services.config;
      const writing = { monitor, teamId, revision: record.revision, now: Date.now(), limits };
      const inserts = insertDeliveries(d1, writing, plan);
      const results = await d1.batch([...inserts, selectWaitingChannels(d1, notified)]);
      await wakeChannels(this.#services, channelsOf(results.at(-1)), correlationId);
    }
    const { storage } = this.ctx;
    if (!resting) {
      this.#retrying.end();
      await storage.deleteAlarm();
      return storage.deleteAll();
    }
    void storage.put<RestingRecord>('resting', { record: resting, since: before?.since ?? Date.now() });
    void storage.delete('monitor');
    await storage.setAlarm(Date.now() + refreshWhileRestingMs);
  }

  /**
   * One at a time, so that decisions are written in their order. After a failure only `atOnce`, or when the next attempt is
   * due. False where effects are left for the alarm.
   */
  #carryOut(atOnce = false): Promise<boolean> {
    this.#carrying = this.#carrying.then(() => (atOnce || this.#retrying.mayTry ? this.#carryOutPending() : false));
    return this.#carrying;
  }

  async #carryOutPending(): Promise<boolean> {
    const record = await this.#load();
    if (!record) return true;
    try {
      await carryOut(this.#services, {
        load: () => this.#load(),
        update: async (change) => {
          const latest = await this.#load();
          if (latest) this.#save({ ...latest, pending: { ...latest.pending, ...change(latest) } });
        },
      });
      return true;
    } catch (error) {
      await this.#tryAgain(record, error);
      return false;
    }
  }

  async #tryAgain({ correlationId, ref }: Pick<Parked, 'correlationId' | 'ref'>, error: unknown): Promise<void> {
    await this.#retrying.fail((failures) =>
      logFailure('effect', correlationId, error, { monitorId: ref.id, failures }),
    );
  }
}

const nextAlarm = ({ pending, wakeAt }: MonitorRecord, retryAt: number | null): number | null => {
  const isBehind = pending.row || pending.deliveries.length > 0 || pending.refreshUpstream || pending.notifyDependents;
  const at = Math.min(wakeAt ?? Infinity, isBehind ? Date.now() + retryMs : Infinity, ...pending.asks.map((a) => a.at));
  // After a failure, nothing is tried before its time.
  if (retryAt !== null) return at === Infinity ? retryAt : Math.max(at, retryAt);
  return at === Infinity ? null : at;
};
