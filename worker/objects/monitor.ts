import { DurableObject } from 'cloudflare:workers';
import { type MonitorRef, type MonitorSettings, policyFrom, settingsOf } from '../checks/monitorRef.ts';
import { askRegions } from '../checks/outOfTurn.ts';
import { type Decision, writeDecision } from '../db/decisions.ts';
import type { Outcome } from '../domain/outcome.ts';
import { adopt, type Effect, type Heard, hear, type MonitorState, observe, tick, wakeAt } from '../domain/verdict.ts';
import { newId } from '../ids.ts';
import { log, logFailure } from '../log.ts';
import { createServices, type Services } from '../services.ts';
import { newlyStored, restore, type Stored } from './monitorStore.ts';

/** Effects that could not be carried out are tried again after this long. */
const retryMs = 5_000;

/**
 * Decides one monitor's verdict: folds loud outcomes into the state machine, keeps the result together with what is to
 * be done about it, and then does that. An alarm does what was left undone.
 */
export class Monitor extends DurableObject<Env> {
  readonly #services: Services = createServices(this.env);
  #carrying: Promise<void> = Promise.resolve();

  /** Folds an outcome. One that is old, known, or of a monitor that is paused or gone changes nothing. */
  async observe(ref: MonitorRef, outcome: Outcome, correlationId: string): Promise<void> {
    const stored = (await this.#load()) ?? (await this.#begin(ref, outcome.startedAt));
    if (!stored) return;
    const folded = observe(stored.machine, outcome, policyFrom(stored.settings), Date.now());
    this.#save(stored, folded, correlationId);
    await this.#carryOut();
  }

  /** The monitor was created, changed or resumed: regions that are gone no longer vote. */
  async adopt(ref: MonitorRef, settings: MonitorSettings, correlationId: string): Promise<void> {
    const stored = (await this.#load()) ?? newlyStored(ref, settings, Date.now());
    const folded = adopt(stored.machine, policyFrom(settings), Date.now());
    this.#save({ ...stored, ref, settings }, folded, correlationId);
    await this.#carryOut();
  }

  /** Of some region nothing was stored for too long: when each was heard last, quiet outcomes included. */
  async hear(heard: Heard, correlationId: string): Promise<void> {
    const stored = await this.#load();
    if (!stored) return;
    this.#save(stored, hear(stored.machine, heard, policyFrom(stored.settings), Date.now()), correlationId);
    await this.#carryOut();
  }

  /** The monitor was paused or deleted: nothing that comes later counts. */
  async forget(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async alarm(): Promise<void> {
    const stored = await this.#load();
    if (stored && stored.wakeAt !== null && stored.wakeAt <= Date.now())
      this.#save(stored, tick(stored.machine, policyFrom(stored.settings), Date.now()), stored.correlationId);
    await this.#carryOut();
  }

  async #load(): Promise<Stored | undefined> {
    const stored = await this.ctx.storage.get('monitor');
    return stored === undefined ? undefined : restore(stored);
  }

  /** A first outcome can arrive before `adopt` did. Undefined where the monitor is paused or gone. */
  async #begin(ref: MonitorRef, since: number): Promise<Stored | undefined> {
    const row = await this.#services.d1
      .prepare('SELECT regions, interval_seconds, timeout_ms FROM monitors WHERE number = ?1 AND cohort IS NOT NULL')
      .bind(ref.number)
      .first<{ regions: string; interval_seconds: number; timeout_ms: number }>();
    // While that was read, somebody else may have begun.
    return (await this.#load()) ?? (row ? newlyStored(ref, settingsOf(row), since) : undefined);
  }

  #save(stored: Stored, [machine, effects]: [MonitorState, Effect[]], correlationId: string): void {
    if (machine === stored.machine) return;
    const opens = effects.some((effect) => effect.type === 'outage' && effect.change === 'opened');
    const openIncident = opens ? newId('inc') : stored.openIncident;
    const facts = effects.flatMap((effect) => {
      if (effect.type === 'outage') return { ...effect, incidentId: openIncident };
      return effect.type === 'verdict' ? effect : [];
    });
    const asks = effects.filter((e) => e.type === 'ask').map(({ regions, at }) => ({ regions, at }));
    const changed = facts.length > 0 || shownState(machine) !== shownState(stored.machine);
    logEffects(stored.ref.id, effects, correlationId);
    const next: Stored = {
      ...stored,
      machine,
      correlationId,
      openIncident,
      wakeAt: wakeAt(machine, policyFrom(stored.settings), Date.now()),
      revision: changed ? Math.max(Date.now(), stored.revision + 1) : stored.revision,
      pending: {
        row: stored.pending.row || changed,
        facts: [...stored.pending.facts, ...facts],
        asks: [...stored.pending.asks, ...asks],
      },
    };
    // Not awaited: the output gate holds back every answer until this is on disk.
    void this.ctx.storage.put('monitor', next);
    void this.#setAlarm(next);
  }

  async #setAlarm(stored: Stored): Promise<void> {
    const at = nextAlarm(stored);
    if (Number.isFinite(at)) await this.ctx.storage.setAlarm(at);
    else await this.ctx.storage.deleteAlarm();
  }

  /** One at a time, so that decisions are written in their order. */
  #carryOut(): Promise<void> {
    this.#carrying = this.#carrying.then(() => this.#carryOutPending());
    return this.#carrying;
  }

  async #carryOutPending(): Promise<void> {
    const stored = await this.#load();
    if (!stored) return;
    const { correlationId, ref } = stored;
    try {
      if (stored.pending.row) await this.#writeDecision(stored);
      await this.#askDue();
    } catch (error) {
      logFailure('effect', correlationId, error, { monitorId: ref.id });
      await this.ctx.storage.setAlarm(Date.now() + retryMs);
    }
  }

  async #writeDecision(stored: Stored): Promise<void> {
    const decision = decisionOf(stored);
    if (await writeDecision(this.#services.d1, decision)) await this.#publish(stored);
    const written = decision.facts.length;
    await this.#update((latest) => ({
      ...latest.pending,
      row: latest.revision !== decision.revision,
      facts: latest.pending.facts.slice(written),
    }));
  }

  /** Probers answer such a request at once and deliver what they find like any other outcome. */
  async #askDue(): Promise<void> {
    const stored = await this.#load();
    const due = stored?.pending.asks.filter((ask) => ask.at <= Date.now()) ?? [];
    if (!stored || due.length === 0) return;
    await askRegions(
      this.#services,
      stored.ref.number,
      due.flatMap((ask) => ask.regions),
      stored.correlationId,
    );
    await this.#update((latest) => ({
      ...latest.pending,
      asks: latest.pending.asks.filter(
        (ask) => !due.some((d) => d.at === ask.at && `${d.regions}` === `${ask.regions}`),
      ),
    }));
  }

  /** Changes what is pending in the state as it is by now, and sets the alarm for what remains. */
  async #update(change: (latest: Stored) => Stored['pending']): Promise<void> {
    const latest = await this.#load();
    if (!latest) return;
    const next = { ...latest, pending: change(latest) };
    void this.ctx.storage.put('monitor', next);
    await this.#setAlarm(next);
  }

  async #publish({ ref, machine, pending }: Stored): Promise<void> {
    const feed = this.#services.feed(ref.teamId);
    await feed.publish({
      type: 'verdict',
      monitorId: ref.id,
      verdict: machine.verdict,
      verdictSince: new Date(machine.since).toISOString(),
      suspect: machine.suspicion !== null,
      regionHealth: healths(machine),
    });
    for (const fact of pending.facts)
      if (fact.type === 'outage' && fact.incidentId !== null)
        await feed.publish({
          type: 'incident',
          incidentId: fact.incidentId,
          monitorId: ref.id,
          state: fact.change === 'opened' ? 'open' : 'resolved',
        });
  }
}

const logEffects = (monitorId: string, effects: readonly Effect[], correlationId: string) => {
  for (const effect of effects) {
    if (effect.type === 'verdict') {
      const { from, to, since, at } = effect;
      log('transition', correlationId, { monitorId, from, to, since, at });
    } else if (effect.type === 'alert') log('alert', correlationId, { monitorId, event: effect.event, at: effect.at });
  }
};

const nextAlarm = ({ pending, wakeAt }: Stored) =>
  Math.min(pending.row ? Date.now() + retryMs : Infinity, wakeAt ?? Infinity, ...pending.asks.map((ask) => ask.at));

const healths = (machine: MonitorState): Decision['regionHealth'] =>
  Object.fromEntries(Object.entries(machine.regions).map(([region, state]) => [region, state.health]));

/** What the monitor's row shows of a state, as text to compare. */
const shownState = (machine: MonitorState) =>
  JSON.stringify([machine.verdict, machine.since, machine.suspicion !== null, healths(machine)]);

const decisionOf = ({ ref, machine, revision, pending }: Stored): Decision => ({
  monitor: ref.number,
  teamId: ref.teamId,
  revision,
  verdict: machine.verdict,
  verdictSince: machine.since,
  regionHealth: healths(machine),
  suspect: machine.suspicion !== null,
  facts: pending.facts,
});
