import { DurableObject } from 'cloudflare:workers';
import type { MonitorRef } from '../checks/monitorRef.ts';
import { askRegions } from '../checks/outOfTurn.ts';
import { type Decision, type Transition, writeDecision } from '../db/decisions.ts';
import { policyOf } from '../domain/monitor.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Region } from '../domain/region.ts';
import {
  adopt,
  type DecidedVerdict,
  type Effect,
  initialState,
  type MonitorState,
  observe,
} from '../domain/verdict.ts';
import { newId } from '../ids.ts';
import { log, logFailure } from '../log.ts';
import { createServices, type Services } from '../services.ts';

/** Effects that could not be carried out are tried again after this long. */
const retryMs = 5_000;

/** Everything the object knows: written as one value, so that state and pending effects cannot part. */
interface Stored {
  ref: MonitorRef;
  regions: Region[];
  machine: MonitorState;
  /** As written to the monitor's row; 0 before the first decision. */
  revision: number;
  openIncident: string | null;
  pending: {
    /** The monitor's row is behind. */
    row: boolean;
    transitions: Transition[];
    asks: { regions: Region[]; at: number }[];
  };
  correlationId: string;
}

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
    const folded = observe(stored.machine, outcome, policyOf(stored.regions), Date.now());
    this.#save(stored, folded, correlationId);
    await this.#carryOut();
  }

  /** The monitor was created, changed or resumed: regions that are gone no longer vote. */
  async adopt(ref: MonitorRef, regions: Region[], correlationId: string): Promise<void> {
    const stored = (await this.#load()) ?? newlyStored(ref, regions, Date.now());
    const policy = policyOf(regions);
    this.#save({ ...stored, ref, regions }, adopt(stored.machine, policy, Date.now()), correlationId);
    await this.#carryOut();
  }

  /** The monitor was paused or deleted: nothing that comes later counts. */
  async forget(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async alarm(): Promise<void> {
    await this.#carryOut();
  }

  async #load(): Promise<Stored | undefined> {
    return this.ctx.storage.get<Stored>('monitor');
  }

  /** A first outcome can arrive before `adopt` did. Undefined where the monitor is paused or gone. */
  async #begin(ref: MonitorRef, since: number): Promise<Stored | undefined> {
    const row = await this.#services.d1
      .prepare('SELECT regions FROM monitors WHERE number = ?1 AND cohort IS NOT NULL')
      .bind(ref.number)
      .first<{ regions: string }>();
    // While that was read, somebody else may have begun.
    return (await this.#load()) ?? (row ? newlyStored(ref, JSON.parse(row.regions) as Region[], since) : undefined);
  }

  #save(stored: Stored, [machine, effects]: [MonitorState, Effect[]], correlationId: string): void {
    if (machine === stored.machine) return;
    const transitions = effects
      .filter((effect) => effect.type === 'verdict')
      .map((effect) => ({ ...effect, incidentId: incidentOf(effect, stored) }));
    const asks = effects.filter((e) => e.type === 'ask').map(({ regions, at }) => ({ regions, at }));
    const changed = shownState(machine) !== shownState(stored.machine);
    for (const { from, to, since, at } of transitions)
      log('transition', correlationId, { monitorId: stored.ref.id, from, to, since, at });
    const next: Stored = {
      ...stored,
      machine,
      correlationId,
      openIncident: transitions.at(-1)?.incidentId ?? stored.openIncident,
      revision: changed ? Math.max(Date.now(), stored.revision + 1) : stored.revision,
      pending: {
        row: stored.pending.row || changed,
        transitions: [...stored.pending.transitions, ...transitions],
        asks: [...stored.pending.asks, ...asks],
      },
    };
    // Not awaited: the output gate holds back every answer until this is on disk.
    void this.ctx.storage.put('monitor', next);
    if (next.pending.row || next.pending.asks.length > 0) void this.ctx.storage.setAlarm(nextAlarm(next));
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
    const written = decision.transitions.length;
    await this.#update((latest) => ({
      ...latest.pending,
      row: latest.revision !== decision.revision,
      transitions: latest.pending.transitions.slice(written),
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
    if (next.pending.row || next.pending.asks.length > 0) await this.ctx.storage.setAlarm(nextAlarm(next));
    else await this.ctx.storage.deleteAlarm();
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
    for (const { from, to, incidentId } of pending.transitions)
      if (incidentId !== null && (from === 'down' || to === 'down'))
        await feed.publish({
          type: 'incident',
          incidentId,
          monitorId: ref.id,
          state: to === 'down' ? 'open' : 'resolved',
        });
  }
}

const newlyStored = (ref: MonitorRef, regions: Region[], since: number): Stored => ({
  ref,
  regions,
  machine: { ...initialState, since },
  revision: 0,
  openIncident: null,
  pending: { row: false, transitions: [], asks: [] },
  correlationId: '',
});

/** The incident that a change of verdict opens or closes; an outage that is over keeps its id until the next. */
const incidentOf = (effect: { to: DecidedVerdict }, stored: Stored) =>
  effect.to === 'down' ? newId('inc') : stored.openIncident;

const nextAlarm = ({ pending }: Stored) =>
  Math.min(pending.row ? Date.now() + retryMs : Infinity, ...pending.asks.map((ask) => ask.at));

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
  transitions: pending.transitions,
});
