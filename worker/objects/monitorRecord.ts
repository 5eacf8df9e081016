import type { MonitorRef } from '../checks/monitorRef.ts';
import type { Alerting } from '../db/alerting.ts';
import type { Decision, Fact, Standing } from '../db/decisions.ts';
import type { PendingDelivery } from '../db/deliveryPlan.ts';
import type { WithheldBecause } from '../db/schema.ts';
import { isClosing, isOutage } from '../domain/escalation/events.ts';
import { defer } from '../domain/escalation.ts';
import {
  initialLesser,
  isLesserDue,
  type LesserState,
  lesserWakeAt,
  lesserWithheld,
  type Watched,
  watchLesser,
} from '../domain/lesser.ts';
import { type Dependency, type JudgeSettings, policyFrom } from '../domain/policy.ts';
import type { Region } from '../domain/region.ts';
import type { Withholding } from '../domain/verdict/explanation.ts';
import {
  type Effect,
  type Explanation,
  explain,
  type MonitorState,
  restoreState,
  shownOf,
  wakeAt,
} from '../domain/verdict.ts';
import { newId } from '../ids.ts';
import {
  type Escalation,
  endEscalation,
  escalate,
  escalationWakeAt,
  isTold,
  resumedEscalation,
  waitsToTell,
} from './escalating.ts';

/** Another form of `MonitorRecord` needs another number here: of an older form only what `recordOfOlderForm` reads goes on. */
export const recordForm = 9;

/**
 * While something waits for what holds around the monitor to change, that is looked at so often, should the call that
 * tells of it be lost.
 */
const lookAroundMs = 60_000;

/** The same, while people know of a problem: that nobody looks at the monitor any more ends it as well. */
const lookWhileToldMs = 600_000;

/** Regions that are to be asked out of turn at `at`; what was refused already is asked again before `until` (ms). */
export interface PendingAsk {
  regions: Region[];
  at: number;
  until?: number;
}

/** All that a Monitor object knows: written as one value, so that state and pending effects cannot part. */
export interface MonitorRecord {
  form: typeof recordForm;
  ref: MonitorRef;
  settings: JudgeSettings;
  /** `changedAt` of the standing that was read last: a later one means that a person did something since. */
  changedAt: number;
  machine: MonitorState;
  /** What is folded beside the state machine. */
  lesser: LesserState;
  /** Who is told how, as it was read last. */
  alerting: Alerting;
  /** Of the trouble that people were, or are to be, told of last; null before the first. */
  escalation: Escalation | null;
  /** When time must be folded again, ms since the epoch. */
  wakeAt: number | null;
  /** Of the latest decision, here or in the monitor's row; the next is higher. */
  revision: number;
  openIncident: string | null;
  pending: {
    /** The monitor's row is behind. */
    row: boolean;
    facts: Fact[];
    deliveries: PendingDelivery[];
    asks: PendingAsk[];
    /** What it depends on is to be looked at out of turn. */
    lookUpstream: boolean;
    /** Those that depend on it and wait for it are to be told. */
    tellDependents: boolean;
  };
  correlationId: string;
}

/** What is kept while the monitor is paused in an outage, so that it goes on from there; `since`: from when, ms since the epoch. */
export interface RestingRecord {
  record: MonitorRecord;
  since: number;
}

/**
 * The record after what people did. A decision in the row that is none of ours was set by a person who paused or
 * resumed, so that nothing from before counts but an outage whose incident is still open: it is begun anew, as where there
 * was none, from what the row says. Whoever was told of another problem hears that it was watched no more. `restedMs`: for
 * how long it was paused, as far as that is known.
 */
export const caughtUp = (
  record: MonitorRecord | undefined,
  ref: MonitorRef,
  standing: Standing,
  now: number,
  restedMs = 0,
): MonitorRecord => ({
  ...(record && record.revision >= standing.decision ? record : begun(ref, standing, record, now, restedMs)),
  ref,
  settings: standing.settings,
  changedAt: standing.changedAt,
  alerting: standing.alerting,
});

const begun = (
  ref: MonitorRef,
  { settings, changedAt, decision, verdict, verdictSince, openIncident, alerting }: Standing,
  before: MonitorRecord | undefined,
  now: number,
  restedMs: number,
): MonitorRecord => {
  const machine = restoreState({ verdict, since: verdictSince, regions: {}, suspicion: null });
  const started = {
    ...{
      form: recordForm as typeof recordForm,
      ref,
      settings,
      changedAt,
      lesser: initialLesser,
      alerting,
      wakeAt: null,
      correlationId: '',
    },
    ...{ revision: decision, openIncident: openIncident?.id ?? null },
  };
  if (openIncident === null || (before && !isOfOutage(before.escalation)))
    return {
      ...started,
      machine: openIncident ? inOutage(machine, openIncident.startedAt, before) : machine,
      escalation: null,
      pending: { ...nothingPending, deliveries: before ? endEscalation({ ...before, alerting }, now) : [] },
    };
  const escalation = before
    ? before.escalation && { ...before.escalation, state: defer(before.escalation.state, restedMs) }
    : resumedEscalation(openIncident.id, verdictSince, alerting);
  return {
    ...started,
    machine: inOutage(machine, openIncident.startedAt, before),
    escalation,
    pending: { ...nothingPending, deliveries: before?.pending.deliveries ?? [] },
  };
};

/**
 * Nobody knows how it stands, as after silence, but an outage was not seen to end. Where people heard of none it is told
 * as soon as it is confirmed again; where it is not known what they heard, they are taken to know.
 */
const inOutage = (machine: MonitorState, since: number, before: MonitorRecord | undefined): MonitorState => {
  if (machine.verdict !== 'unknown') return machine;
  const { told, changes, isFlapping } = before?.machine ?? { ...machine, told: 'down' as const };
  const standing = told === 'up' ? null : 'down';
  return { ...machine, outage: { since }, standing, stoodAt: since, told, changes, isFlapping };
};

const isOfOutage = (escalation: Escalation | null) => escalation === null || isOutage(escalation.state.problem);

/**
 * What is told when the monitor is no longer checked, and what is kept. An outage whose incident stays open rests: only what
 * was decided to be over is told of it.
 */
export const left = (
  record: MonitorRecord,
  standing: Standing | null,
  now: number,
): { told: PendingDelivery[]; resting: MonitorRecord | null } => {
  if (!standing) return { told: endEscalation(record, now), resting: null };
  const { alerting } = standing;
  if (standing.openIncident === null || !isOfOutage(record.escalation))
    return { told: endEscalation({ ...record, alerting }, now), resting: null };
  const [told, kept] = [true, false].map((closing) =>
    record.pending.deliveries.filter(({ effect }) => isClosing(effect.event) === closing),
  ) as [PendingDelivery[], PendingDelivery[]];
  return { told, resting: { ...record, wakeAt: null, pending: { ...nothingPending, deliveries: kept } } };
};

const nothingPending: MonitorRecord['pending'] = {
  row: false,
  facts: [],
  deliveries: [],
  asks: [],
  lookUpstream: false,
  tellDependents: false,
};

/** The record with a folded state and what is to be done about it. */
export const folded = (
  record: MonitorRecord,
  [machine, effects]: [MonitorState, Effect[]],
  correlationId: string,
  now: number,
): MonitorRecord => {
  const { settings, pending } = record;
  const opens = effects.some((effect) => effect.type === 'outage' && effect.change === 'opened');
  const openIncident = opens ? newId('inc') : record.openIncident;
  const facts = effects.flatMap((effect) => factOf(effect, openIncident, settings.dependencies));
  const asks = effects.filter((e) => e.type === 'ask').map(({ regions, at }) => ({ regions, at }));
  const changed = facts.length > 0 || JSON.stringify(shownOf(machine)) !== JSON.stringify(shownOf(record.machine));
  const turnsSuspect = record.machine.suspicion === null && machine.suspicion !== null;
  const before = standingFor(record.machine);
  const watched = watchedOf(record, machine);
  const [lesser, lesserEffect] = watchLesser(record.lesser, watched, now);
  const happened = { effects, lesser: lesserEffect, incidentId: openIncident };
  const { escalation, told } = escalate(record, machine, happened, now);
  const times = [
    escalationWakeAt(escalation, record.alerting.policy, machine),
    lesserWakeAt(lesser, watched, now),
    isTold(escalation) ? now + lookWhileToldMs : null,
  ];
  return {
    ...record,
    machine,
    lesser,
    correlationId,
    openIncident,
    escalation,
    wakeAt: nextWake(watched, times, waitsToTell(machine) || lesserWithheld(lesser, watched, now) !== null, now),
    revision: changed ? Math.max(now, record.revision + 1) : record.revision,
    pending: {
      row: pending.row || changed,
      facts: [...pending.facts, ...facts],
      deliveries: [...pending.deliveries, ...told],
      asks: [...pending.asks, ...asks],
      lookUpstream: pending.lookUpstream || (turnsSuspect && settings.dependencies.length > 0),
      // Nobody waits for one that was up.
      tellDependents: pending.tellDependents || (before !== 'up' && before !== standingFor(machine)),
    },
  };
};

const factOf = (effect: Effect, incidentId: string | null, dependencies: readonly Dependency[]): Fact[] => {
  if (effect.type === 'ask') return [];
  if (effect.type === 'verdict') return [effect];
  if (effect.type !== 'withheld') return [{ ...effect, incidentId }];
  return [{ ...effect, incidentId, because: withheldBecause(effect.because, dependencies) }];
};

/** With the names of the monitors as they were then. */
const withheldBecause = (because: Withholding, dependencies: readonly Dependency[]): WithheldBecause => {
  if (because.type === 'maintenance') return because;
  const { type, monitorIds, until } = because;
  return { type, monitors: dependencies.filter(({ monitorId }) => monitorIds.includes(monitorId)), until };
};

/** Facts are told apart by this; the same fact has the same name however often it is written. */
export const nameOf = (fact: Fact): string => {
  if (fact.type === 'verdict') return `${fact.type} ${fact.at} ${fact.to}`;
  if (fact.type === 'joined') return `${fact.type} ${fact.at} ${fact.evidence.region}`;
  return `${fact.type} ${fact.at} ${fact.type === 'outage' ? fact.change : fact.event}`;
};

/** How it stands as one that others depend on, as its row will say (db/decisions.ts). */
const standingFor = ({ verdict, outage, suspicion }: MonitorState): Dependency['standing'] => {
  if (verdict === 'down' || (verdict === 'unknown' && outage)) return 'down';
  return suspicion ? 'suspect' : 'up';
};

const nextWake = (
  { machine, policy }: Watched,
  times: readonly (number | null)[],
  isWithheld: boolean,
  now: number,
): number | null => {
  const at = Math.min(...[wakeAt(machine, policy, now), ...times].map((time) => time ?? Infinity));
  const next = isWithheld || policy.distrusted.length > 0 ? Math.min(at, now + lookAroundMs) : at;
  return next === Infinity ? null : next;
};

const watchedOf = (
  { settings, alerting }: Pick<MonitorRecord, 'settings' | 'alerting'>,
  machine: MonitorState,
): Watched => ({
  machine,
  policy: policyFrom(settings),
  events: alerting.policy.events,
});

/** Whether something is to be told once the machine has gone there, though it may be withheld. */
export const hasToTell = (record: MonitorRecord, machine: MonitorState, now: number): boolean =>
  waitsToTell(machine) || isLesserDue(record.lesser, watchedOf(record, machine), now);

/** Why the verdict is what it is, and whether anything is withheld. */
export const explained = (record: MonitorRecord, now: number): Explanation => {
  const { machine, settings, lesser } = record;
  const explanation = explain(machine, policyFrom(settings), now);
  return { ...explanation, withheld: explanation.withheld ?? lesserWithheld(lesser, watchedOf(record, machine), now) };
};

export const decisionOf = ({ ref, machine, revision, pending }: MonitorRecord): Decision => ({
  monitor: ref.number,
  teamId: ref.teamId,
  revision,
  ...shownOf(machine),
  facts: pending.facts,
  deliveries: pending.deliveries,
});
