import type { MonitorMessage } from '../alerts/message.ts';
import type { Act } from '../db/alerting.ts';
import type { PendingDelivery } from '../db/deliveryPlan.ts';
import type { DeliveryEvent, Problem } from '../domain/escalation/events.ts';
import type { EscalationPolicy } from '../domain/escalation/policy.ts';
import {
  acknowledge,
  begin,
  type EscalationState,
  initialEscalation,
  recover,
  reopen,
  resolve,
  type Effect as Telling,
  tick,
  wakeAt,
} from '../domain/escalation.ts';
import { policyFrom } from '../domain/policy.ts';
import { type Effect, explain, type MonitorState, sentenceOf } from '../domain/verdict.ts';
import type { MonitorRecord } from './monitorRecord.ts';

/** How far people have been told of an outage: kept in the Monitor object's record. Times are ms since the epoch. */
export interface Escalation {
  /** Id of the incident, or of the monitor and the time where none is known. */
  story: string;
  state: EscalationState;
  /** First failed check. */
  since: number;
  /** Who takes care of it, as people are told. */
  acknowledgedBy: string | null;
  /** Of what people did about the incident, all until then is known here. */
  heardAt: number;
}

type Told = { escalation: Escalation | null; told: PendingDelivery[] };

/** People do not know yet how it stands. */
export const waitsToTell = ({ standing, told, isFlapping }: MonitorState): boolean =>
  standing !== null && told !== (isFlapping ? 'flapping' : standing);

/** Of an object that is begun anew in an outage: who was told is known from the deliveries, so no step is told again. */
export const resumedEscalation = (story: string, since: number, { steps }: EscalationPolicy): Escalation => {
  const told = { status: 'open', problem: 'down', known: 'down', step: steps.length } as const;
  const state = { ...initialEscalation, ...told, changedAt: since, roundAt: since, remindedAt: Date.now() };
  return { story, state, since, acknowledgedBy: null, heardAt: 0 };
};

/**
 * Folds what people did, what is told of the verdict and the time that has passed into the escalation. The same object
 * comes back where nothing changed.
 */
export const escalate = (
  record: MonitorRecord,
  machine: MonitorState,
  effects: readonly Effect[],
  incidentId: string | null,
  now: number,
): Told => {
  const { policy, acts } = record.alerting;
  const messageOf = messenger(record, machine, now);
  let { escalation } = record;
  const told: PendingDelivery[] = [];
  const take = (next: Escalation, [state, tellings]: [EscalationState, Telling[]]) => {
    escalation = next.state === state ? next : { ...next, state };
    const { story } = next;
    for (const effect of tellings) told.push({ effect, story, message: messageOf(next, effect) });
  };
  for (const act of acts)
    if (escalation && concerns(act, escalation, incidentId)) take(...afterAct(escalation, act, policy));
  for (const effect of effects) {
    if (effect.type !== 'alert') continue;
    const problem = problemOf(effect.event, machine);
    if (problem) {
      const story = incidentId ?? `${record.ref.id}-${effect.at}`;
      const since = machine.outage?.since ?? effect.at;
      const next = goesOn(escalation, story) ? escalation : begun(story, since, effect.at);
      take(next, begin(next.state, problem, policy, effect.at));
    } else if (escalation) take(escalation, recover(escalation.state, policy, effect.at));
  }
  if (escalation && !waitsToTell(machine)) take(escalation, tick(escalation.state, policy, now));
  return { escalation, told };
};

/** What is told where the monitor is paused or deleted in an outage: nobody will hear of its end. */
export const endEscalation = (record: MonitorRecord, now: number): PendingDelivery[] => {
  const { escalation, alerting, machine } = record;
  if (!escalation) return [];
  const [, tellings] = resolve(escalation.state, alerting.policy, Math.max(now, escalation.state.changedAt));
  const messageOf = messenger(record, machine, now);
  const why = 'The monitor was paused or deleted, so nobody looks at it any more.';
  return tellings.map((effect) => ({ effect, story: escalation.story, message: messageOf(escalation, effect, why) }));
};

/** Not while people are told nothing: how it stands is about to change for them. */
export const escalationWakeAt = (escalation: Escalation | null, policy: EscalationPolicy, machine: MonitorState) =>
  escalation && !waitsToTell(machine) ? wakeAt(escalation.state, policy) : null;

const begun = (story: string, since: number, heardAt: number): Escalation => ({
  story,
  state: initialEscalation,
  since,
  acknowledgedBy: null,
  heardAt,
});

/** The same incident, or one whose end nobody was told yet. */
const goesOn = (escalation: Escalation | null, story: string): escalation is Escalation =>
  escalation !== null && (escalation.state.status !== 'over' || escalation.story === story);

const problemOf = (event: Extract<Effect, { type: 'alert' }>['event'], machine: MonitorState): Problem | null => {
  if (event === 'stable') return machine.standing === 'down' ? 'down' : null;
  return event === 'up' ? null : event;
};

/** An outage that joined a reopened incident is shown there, and people act there. */
const concerns = ({ incidentId, at }: Act, { story, heardAt }: Escalation, openIncident: string | null) =>
  at > heardAt && (incidentId === story || incidentId === openIncident);

/** What was done before something that is folded already is taken to have been done right after it. */
const afterAct = (
  escalation: Escalation,
  { kind, at: actedAt, by }: Act,
  policy: EscalationPolicy,
): [Escalation, [EscalationState, Telling[]]] => {
  const { state } = escalation;
  const at = Math.max(actedAt, state.changedAt + 1);
  const next = { ...escalation, heardAt: actedAt };
  if (kind === 'acknowledged') return [{ ...next, acknowledgedBy: by }, acknowledge(state, policy, at)];
  if (kind === 'resolved') return [{ ...next, acknowledgedBy: by }, resolve(state, policy, at)];
  return [{ ...next, acknowledgedBy: null }, reopen(state, policy, at)];
};

const messageEvents: Record<DeliveryEvent, MonitorMessage['event']> = {
  down: 'down',
  flapping: 'flapping',
  degraded: 'degraded',
  regional: 'regional',
  expiring: 'degraded',
  unknown: 'unknown',
  reminder: 'reminder',
  stable: 'stable',
  acknowledged: 'acknowledged',
  recovered: 'up',
  resolved: 'resolved',
};

/** What is told: all that a channel needs but the links, which are made when it is sent (alerts/linked.ts). */
const messenger =
  ({ alerting, settings }: MonitorRecord, machine: MonitorState, now: number) =>
  ({ since, acknowledgedBy }: Escalation, { event, at }: Telling, why?: string) => {
    const { monitor, teamName, timeZone } = alerting;
    const isOpen = event !== 'recovered' && event !== 'resolved';
    const somebody = acknowledgedBy ?? 'Somebody';
    const said: Partial<Record<DeliveryEvent, string>> = {
      acknowledged: `${somebody} takes care of it.`,
      resolved: `${somebody} resolved the incident in Pharos.`,
    };
    const endedAt = event === 'recovered' ? Math.max(machine.since, since) : at;
    return {
      event: messageEvents[event],
      monitor,
      since,
      at,
      standing: event === 'recovered' ? 'up' : machine.standing,
      durationMs: isOpen && event !== 'reminder' ? null : endedAt - since,
      why: why ?? said[event] ?? sentenceOf(explain(machine, policyFrom(settings), now)),
      regions: isOpen ? regionsOf(machine) : [],
      acknowledgedBy,
      teamName,
      timeZone,
    } satisfies Omit<MonitorMessage, 'incident' | 'acknowledgeUrl'>;
  };

const regionsOf = ({ regions }: MonitorState): MonitorMessage['regions'] =>
  Object.values(regions).map(({ health, latest }) => {
    const { region, reason, status, latencyMs, dataCentre } = latest;
    return { region, health, reason, status, latencyMs, dataCentre };
  });

/** Tells pending deliveries apart; the same one has the same name however often it is written. */
export const nameOfDelivery = ({ story, effect: { event, round, step } }: PendingDelivery): string =>
  `${story} ${event} ${round} ${step}`;
