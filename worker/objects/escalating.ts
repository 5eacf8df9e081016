import { noLongerChecked } from '../alerts/messages/why.ts';
import type { PendingDelivery } from '../db/deliveries/deliveryPlan.ts';
import type { Act, Alerting } from '../db/escalation/alerting.ts';
import type { EscalationPolicy } from '../domain/escalation/escalationPolicy.ts';
import { isClosing, isOutage, type Problem } from '../domain/escalation/events.ts';
import {
  acknowledge,
  begin,
  type Effect as EscalationEffect,
  type EscalationState,
  initialEscalation,
  recover,
  reopen,
  replacePolicy,
  resolve,
  tick,
  wakeAt,
} from '../domain/escalation/machine.ts';
import type { Effect } from '../domain/verdict/effect.ts';
import type { MonitorState } from '../domain/verdict/state.ts';
import type { AdvisoryEffect } from '../domain/verdict/watchAdvisories.ts';
import type { Escalation } from './escalationRecord.ts';
import { messenger, type Said } from './messenger.ts';
import type { MonitorRecord } from './monitorRecord.ts';

type EscalationResult = { escalation: Escalation | null; notified: PendingDelivery[] };

/** The alert for the present standing is still due. */
export const awaitsNotification = ({ standing, notified, isFlapping }: MonitorState): boolean =>
  standing !== null && notified !== (isFlapping ? 'flapping' : standing);

/** For an object that starts again during an outage: the deliveries show who was notified, so no step is repeated. */
export const resumedEscalation = (
  dedupKey: string,
  since: number,
  { policy: { steps }, policyId }: Alerting,
): Escalation => {
  const notified = { status: 'open', problem: 'down', known: 'down', step: steps.length } as const;
  const state = { ...initialEscalation, ...notified, changedAt: since, roundAt: since, remindedAt: Date.now() };
  return { dedupKey, state, policyId, since, acknowledgedBy: null, lastSeenAt: 0 };
};

/** Notifications that the state machine and the advisories request. */
export interface Happened {
  effects: readonly Effect[];
  advisory: AdvisoryEffect | null;
  /** The monitor's open incident. */
  incidentId: string | null;
}

/**
 * Folds people's actions, the notifications of the verdict and the elapsed time into the escalation. Returns the same object
 * where nothing changed.
 */
export const escalate = (
  record: MonitorRecord,
  machine: MonitorState,
  happened: Happened,
  now: number,
): EscalationResult => {
  const { policy, policyId } = record.alerting;
  const { effects, advisory, incidentId } = happened;
  const folding = foldingOf(record, machine, now);
  const { so, take } = folding;
  if (so.escalation && so.escalation.policyId !== policyId && !awaitsNotification(machine))
    take({ ...so.escalation, policyId }, replacePolicy(so.escalation.state, policy, now));
  applyActs(folding, record.alerting, incidentId, machine);
  for (const effect of effects) {
    if (effect.type !== 'alert') continue;
    const problem = problemOf(effect.event, machine);
    if (problem) {
      const since = machine.outage?.since ?? effect.at;
      const dedupKey = incidentId ?? dedupKeyAt(record, effect.at);
      take(...beginning(so.escalation, { problem, since, at: effect.at }, dedupKey, record.alerting));
    } else if (so.escalation) take(so.escalation, recover(so.escalation.state, policy, effect.at));
  }
  if (advisory?.change === 'began')
    take(...beginning(so.escalation, advisory, dedupKeyAt(record, advisory.at), record.alerting));
  else if (advisory && so.escalation)
    take(so.escalation, recover(so.escalation.state, policy, advisory.at), { endedAt: advisory.endedAt });
  if (so.escalation && !awaitsNotification(machine)) take(so.escalation, tick(so.escalation.state, policy, now));
  return so;
};

/** `so`: the present progress; `take` advances it by one step. */
const foldingOf = (record: MonitorRecord, machine: MonitorState, now: number) => {
  const messageOf = messenger(record, machine, now);
  const so: EscalationResult = { escalation: record.escalation, notified: [] };
  const take = (
    next: Escalation,
    [state, escalationEffects]: [EscalationState, EscalationEffect[]],
    said: Said = {},
  ) => {
    const before = so.escalation ?? next;
    so.escalation = next.state === state ? next : { ...next, state };
    const { dedupKey } = next;
    for (const effect of escalationEffects)
      so.notified.push({
        ...{
          effect,
          dedupKey,
          message: messageOf(effect.about === state.problem ? next : before, effect, { state, ...said }),
        },
        ...laterSteps(effect, record.alerting.policy),
      });
  };
  return { so, take };
};

const applyActs = (
  { so, take }: ReturnType<typeof foldingOf>,
  { acts, policy }: Alerting,
  incidentId: string | null,
  machine: MonitorState,
) => {
  for (const act of acts)
    if (so.escalation && concerns(act, so.escalation, incidentId))
      take(...afterAct(so.escalation, act, policy, machine));
};

const dedupKeyAt = ({ ref }: MonitorRecord, at: number) => `${ref.id}-${at}`;

/** A problem joins the running escalation, or begins one. */
const beginning = (
  escalation: Escalation | null,
  { problem, since, at }: { problem: Problem; since: number; at: number },
  dedupKey: string,
  { policy, policyId }: Alerting,
): [Escalation, [EscalationState, EscalationEffect[]]] => {
  const before = goesOn(escalation, dedupKey) ? escalation : begun(dedupKey, policyId, since, at);
  const [state, escalationEffects] = begin(before.state, problem, policy, at);
  const takesPlace = state.problem !== before.state.problem && !isOutage(before.state.problem);
  return [takesPlace && policy.events.includes(problem) ? { ...before, since } : before, [state, escalationEffects]];
};

/** A gap in a schedule must not leave an outage without notification. */
const laterSteps = (
  { targets, about, step }: EscalationEffect,
  { steps }: EscalationPolicy,
): Pick<PendingDelivery, 'later'> =>
  typeof targets === 'string' || !isOutage(about) ? {} : { later: steps.slice(step + 1).map((later) => later.targets) };

/**
 * Notifications when the monitor is paused or deleted: recoveries that were decided before, an incident that was resolved
 * during the pause, and for a running problem, that its end will not be reported.
 */
export const endEscalation = (record: MonitorRecord, now: number): PendingDelivery[] => {
  const { alerting, machine, pending } = record;
  const folding = foldingOf(record, machine, now);
  applyActs(folding, alerting, record.openIncident, machine);
  const { escalation } = folding.so;
  const decided = [...pending.deliveries, ...folding.so.notified].filter(({ effect }) => isClosing(effect.event));
  if (!escalation) return decided;
  const [, escalationEffects] = resolve(escalation.state, alerting.policy, Math.max(now, escalation.state.changedAt));
  const messageOf = messenger(record, machine, now);
  const notified = escalationEffects.map((effect) => ({
    effect,
    dedupKey: escalation.dedupKey,
    message: messageOf(escalation, effect, { why: noLongerChecked }),
  }));
  return [...decided, ...notified];
};

/** Not while an alert is due: the state that recipients know is about to change. */
export const escalationWakeAt = (escalation: Escalation | null, policy: EscalationPolicy, machine: MonitorState) =>
  escalation && !awaitsNotification(machine) ? wakeAt(escalation.state, policy) : null;

/** Recipients know of a problem, and its end is not reported yet. */
export const isNotified = (escalation: Escalation | null): boolean => (escalation?.state.known ?? null) !== null;

const begun = (dedupKey: string, policyId: string | null, since: number, lastSeenAt: number): Escalation => ({
  dedupKey,
  state: initialEscalation,
  policyId,
  since,
  acknowledgedBy: null,
  lastSeenAt,
});

/** The same incident, or one whose end is not reported yet. */
const goesOn = (escalation: Escalation | null, dedupKey: string): escalation is Escalation =>
  escalation !== null && (escalation.state.status !== 'over' || escalation.dedupKey === dedupKey);

const problemOf = (event: Extract<Effect, { type: 'alert' }>['event'], machine: MonitorState): Problem | null => {
  if (event === 'stable') return machine.standing === 'down' ? 'down' : null;
  return event === 'up' ? null : event;
};

/** An outage that joined a reopened incident is shown there, and people act there. Advisories have no incident. */
const concerns = ({ incidentId, at }: Act, { dedupKey, state, lastSeenAt }: Escalation, openIncident: string | null) =>
  at > lastSeenAt && isOutage(state.problem) && (incidentId === dedupKey || incidentId === openIncident);

/**
 * An action from before the last folded event counts as right after it. Reopening an incident while the monitor is up sends
 * no alert that it is down.
 */
const afterAct = (
  escalation: Escalation,
  { kind, at: actedAt, by }: Act,
  policy: EscalationPolicy,
  { standing }: MonitorState,
): [Escalation, [EscalationState, EscalationEffect[]], Said?] => {
  const { state } = escalation;
  const at = Math.max(actedAt, state.changedAt + 1);
  const next = { ...escalation, lastSeenAt: actedAt };
  if (kind === 'acknowledged') return [{ ...next, acknowledgedBy: by }, acknowledge(state, policy, at)];
  if (kind === 'resolved') return [{ ...next, acknowledgedBy: by }, resolve(state, policy, at)];
  const reopened = { ...next, acknowledgedBy: null };
  return standing === 'down'
    ? [reopened, reopen(state, policy, at), { reopenedBy: by ?? 'A team member' }]
    : [reopened, [state, []]];
};

/** Identifies a pending delivery; the name stays the same however often it is written. */
export const nameOfDelivery = ({ dedupKey, effect: { event, round, step } }: PendingDelivery): string =>
  `${dedupKey} ${event} ${round} ${step}`;
