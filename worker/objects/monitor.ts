import { DurableObject } from 'cloudflare:workers';
import type { MonitorRef } from '../checks/monitorRef.ts';
import { askRegions } from '../checks/outOfTurn.ts';
import { tellFeed } from '../checks/tellFeed.ts';
import { type Fact, readStanding, writeDecision } from '../db/decisions.ts';
import type { Outcome } from '../domain/outcome.ts';
import { policyFrom } from '../domain/policy.ts';
import { adopt, type Heard, hear, observe, tick } from '../domain/verdict.ts';
import { log, logFailure } from '../log.ts';
import { createServices, type Services } from '../services.ts';
import { caughtUp, decisionOf, folded, healths, type MonitorRecord, recordForm } from './monitorRecord.ts';

/** Effects that could not be carried out are tried again after this long. */
const retryMs = 5_000;

/** Later than this nobody need be asked out of turn any more: the regular checks have gone on. */
const askWithinMs = 30_000;

/**
 * Decides one monitor's verdict: folds loud outcomes into the state machine, keeps the result together with what is to
 * be done about it, and then does that. An alarm does what was left undone.
 */
export class Monitor extends DurableObject<Env> {
  readonly #services: Services = createServices(this.env);
  #carrying: Promise<void> = Promise.resolve();

  /**
   * Folds an outcome. One that is old, known, or of a monitor that is paused or gone changes nothing. `changedAt` is
   * `updated_at` of the monitor's row as the check found it: that is how the object hears of a change that nobody could
   * tell it.
   */
  async observe(ref: MonitorRef, outcome: Outcome, changedAt: number, correlationId: string): Promise<void> {
    await this.#catchUp(ref, changedAt, correlationId);
    const record = await this.#load();
    if (!record) return;
    const [machine, effects] = observe(record.machine, outcome, policyFrom(record.settings), Date.now());
    if (machine !== record.machine) this.#save(folded(record, [machine, effects], correlationId, Date.now()));
    await this.#carryOut();
  }

  /** A person created, changed, paused, resumed or deleted the monitor: goes on from what its row says by now. */
  async follow(ref: MonitorRef, correlationId: string): Promise<void> {
    await this.#catchUp(ref, Number.POSITIVE_INFINITY, correlationId);
    await this.#carryOut();
  }

  /** Of some region nothing was stored for too long: when each was heard last, quiet outcomes included. */
  async hear(heard: Heard, correlationId: string): Promise<void> {
    const record = await this.#load();
    if (!record) return;
    const [machine, effects] = hear(record.machine, heard, policyFrom(record.settings), Date.now());
    if (machine !== record.machine) this.#save(folded(record, [machine, effects], correlationId, Date.now()));
    await this.#carryOut();
  }

  override async alarm(): Promise<void> {
    const record = await this.#load();
    const now = Date.now();
    if (record && record.wakeAt !== null && record.wakeAt <= now)
      this.#save(folded(record, tick(record.machine, policyFrom(record.settings), now), record.correlationId, now));
    await this.#carryOut();
  }

  async #load(): Promise<MonitorRecord | undefined> {
    const record = await this.ctx.storage.get<MonitorRecord>('monitor');
    return record?.form === recordForm ? record : undefined;
  }

  /** Reads the monitor's row if the record is older than `changedAt`, and forgets everything where it is not checked. */
  async #catchUp(ref: MonitorRef, changedAt: number, correlationId: string): Promise<void> {
    const known = await this.#load();
    if (known && known.changedAt >= changedAt) return;
    const standing = await readStanding(this.#services.d1, ref.number);
    if (!standing) return this.ctx.storage.deleteAll();
    // Another call may have gone on from here while that was read.
    const latest = await this.#load();
    if (latest && latest.changedAt > standing.changedAt) return;
    const record = caughtUp(latest, ref, standing);
    const now = Date.now();
    this.#save(folded(record, adopt(record.machine, policyFrom(record.settings), now), correlationId, now));
  }

  #save(record: MonitorRecord): void {
    // Not awaited: the output gate holds back every answer until this is on disk.
    void this.ctx.storage.put('monitor', record);
    const at = nextAlarm(record);
    void (at === null ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(at));
  }

  /** One at a time, so that decisions are written in their order. */
  #carryOut(): Promise<void> {
    this.#carrying = this.#carrying.then(() => this.#carryOutPending());
    return this.#carrying;
  }

  async #carryOutPending(): Promise<void> {
    const record = await this.#load();
    if (!record) return;
    try {
      if (record.pending.row) await this.#writeDecision(record);
      await this.#askDue();
    } catch (error) {
      logFailure('effect', record.correlationId, error, { monitorId: record.ref.id });
      await this.ctx.storage.setAlarm(Date.now() + retryMs);
    }
  }

  async #writeDecision(record: MonitorRecord): Promise<void> {
    const decision = decisionOf(record);
    if (await writeDecision(this.#services.d1, decision)) await this.#announce(record);
    const nameOf = (fact: Fact) => `${fact.type} ${fact.at} ${fact.type === 'verdict' ? fact.to : fact.change}`;
    const settled = new Set(decision.facts.map(nameOf));
    await this.#update((latest) => ({
      ...latest.pending,
      row: latest.revision !== decision.revision,
      facts: latest.pending.facts.filter((fact) => !settled.has(nameOf(fact))),
    }));
  }

  /** Probers answer such a request at once and deliver what they find like any other outcome. */
  async #askDue(): Promise<void> {
    const record = await this.#load();
    const now = Date.now();
    const due = record?.pending.asks.filter((ask) => ask.at <= now) ?? [];
    if (!record || due.length === 0) return;
    const regions = new Set(due.filter((ask) => ask.at > now - askWithinMs).flatMap((ask) => ask.regions));
    await askRegions(this.#services, record.ref.number, [...regions], record.correlationId);
    await this.#update((latest) => ({
      ...latest.pending,
      asks: latest.pending.asks.filter(
        (ask) => !due.some((d) => d.at === ask.at && `${d.regions}` === `${ask.regions}`),
      ),
    }));
  }

  /** Changes what is pending in the record as it is by now. */
  async #update(change: (latest: MonitorRecord) => MonitorRecord['pending']): Promise<void> {
    const latest = await this.#load();
    if (latest) this.#save({ ...latest, pending: change(latest) });
  }

  async #announce({ ref, machine, pending, correlationId }: MonitorRecord): Promise<void> {
    for (const fact of pending.facts)
      if (fact.type === 'verdict') {
        const { from, to, since, at } = fact;
        log('transition', correlationId, { monitorId: ref.id, from, to, since, at });
      }
    await tellFeed(this.#services, ref.teamId, correlationId, {
      type: 'verdict',
      monitorId: ref.id,
      verdict: machine.verdict,
      verdictSince: new Date(machine.since).toISOString(),
      suspect: machine.suspicion !== null,
      regionHealth: healths(machine),
    });
    for (const fact of pending.facts)
      if (fact.type === 'outage' && fact.incidentId !== null)
        await tellFeed(this.#services, ref.teamId, correlationId, {
          type: 'incident',
          incidentId: fact.incidentId,
          monitorId: ref.id,
          state: fact.change === 'opened' ? 'open' : 'resolved',
        });
  }
}

const nextAlarm = ({ pending, wakeAt }: MonitorRecord): number | null => {
  const at = Math.min(
    wakeAt ?? Infinity,
    pending.row ? Date.now() + retryMs : Infinity,
    ...pending.asks.map((ask) => ask.at),
  );
  return at === Infinity ? null : at;
};
