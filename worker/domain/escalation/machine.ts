import { type EscalationPolicy, type Target, without } from './escalationPolicy.ts';
import { isOutage, type Problem } from './events.ts';
import type { UpcomingStep } from './progress.ts';
import type { Effect, EscalationState, Folded } from './state.ts';

export type { Effect, EscalationState } from './state.ts';
export { initialEscalation, restoreEscalation } from './state.ts';

/**
 * The state machine that decides when the steps of a policy notify recipients of one incident. It reads no clock: `at` and
 * `now` are ms since the epoch, and inputs that are folded twice, or too late, change nothing.
 */

/**
 * A problem begins. An outage turns to flapping and back, and nothing takes its place while it is open; otherwise the new
 * problem takes the place of the one before. Where an incident was over, it opens again.
 */
export const begin = (state: EscalationState, problem: Problem, policy: EscalationPolicy, at: number): Folded => {
  const isNew = state.status === 'idle' || (state.status === 'over' && at > state.changedAt);
  if (isNew) return settle({ ...open(state, at), problem, known: null }, policy, at);
  if (state.status === 'over' || at < state.changedAt || problem === state.problem) return [state, []];
  if (!isOutage(state.problem)) return replace(state, problem, policy, at);
  if (!isOutage(problem)) return [state, []];
  return problem === 'flapping' ? flap(state, policy, at) : stabilize(state, policy, at);
};

/** Somebody takes care of it: no further step and no reminder, until it is reopened. */
export const acknowledge = (state: EscalationState, policy: EscalationPolicy, at: number): Folded => {
  if (state.status !== 'open' || at < state.changedAt) return [state, []];
  const next: EscalationState = { ...state, status: 'acknowledged', changedAt: at };
  return policy.notifyOnAcknowledgement ? followUp(next, 'acknowledged', at) : [next, []];
};

/** The problem has ended by itself. */
export const recover = (state: EscalationState, policy: EscalationPolicy, at: number): Folded =>
  end(state, 'recovered', policy, at);

/** Somebody has ended it, or it is no longer watched. */
export const resolve = (state: EscalationState, policy: EscalationPolicy, at: number): Folded =>
  end(state, 'resolved', policy, at);

/** Somebody takes the acknowledgement or the resolution back: the steps begin from the first again. */
export const reopen = (state: EscalationState, policy: EscalationPolicy, at: number): Folded => {
  const isClosed = state.status === 'acknowledged' || state.status === 'over';
  return isClosed && at > state.changedAt ? settle(open(state, at), policy, at) : [state, []];
};

/**
 * Another policy applies from now on, and not only a change of it: its recipients are notified from its first step on, except
 * for those who were notified already. A change of the same policy needs nothing: the steps continue from where they are.
 */
export const replacePolicy = (state: EscalationState, policy: EscalationPolicy, at: number): Folded =>
  state.status === 'open' && at >= state.changedAt
    ? settle({ ...open(state, at), known: state.known, pausedAt: state.pausedAt && at, sparing: true }, policy, at)
    : [state, []];

/** It has stood still for so long: what is to come, comes as much later. */
export const defer = (state: EscalationState, byMs: number): EscalationState => ({
  ...state,
  roundAt: state.roundAt + byMs,
  remindedAt: state.remindedAt + byMs,
  pausedAt: state.pausedAt && state.pausedAt + byMs,
});

/** Folds time: everything due by now. Due at `wakeAt`. Late repetitions are sent once, not as often as they were missed. */
export const tick = (state: EscalationState, policy: EscalationPolicy, now: number): Folded =>
  settle(state, policy, now);

/** When time must be folded again (`tick`) if nothing else happens before; null where it need not. */
export const wakeAt = (state: EscalationState, policy: EscalationPolicy): number | null => {
  const times = [stepDueAt(state, policy), reminderDueAt(state, policy)].filter((at) => at !== null);
  return times.length > 0 ? Math.min(...times) : null;
};

/** The step that comes next unless somebody acknowledges; null where none does. */
export const upcomingStep = (state: EscalationState, policy: EscalationPolicy): UpcomingStep | null => {
  const at = stepDueAt(state, policy);
  return at === null ? null : { at, targets: policy.steps[state.step]?.targets ?? [] };
};

const open = (state: EscalationState, at: number): EscalationState => {
  const round = state.status === 'idle' ? 0 : state.round + 1;
  const fresh = { round, firstRound: round, roundAt: at, step: 0, pausedAt: null, remindedAt: at, sparing: false };
  return { ...state, ...fresh, status: 'open', changedAt: at };
};

const followUp = (
  state: EscalationState,
  event: Effect['event'],
  at: number,
  targets: 'notified' | 'stateful' = 'notified',
): Folded => {
  const { known: about, round, followUp: step } = state;
  if (about === null) return [state, []];
  return [{ ...state, followUp: step + 1 }, [{ type: 'deliver', event, about, round, step, targets, at }]];
};

/**
 * Recipients are notified of the new problem alone. Stateful channels close their incident before an outage: a message to an
 * open incident wakes nobody.
 */
const replace = (state: EscalationState, problem: Problem, policy: EscalationPolicy, at: number): Folded => {
  const [closed, closing] = isOutage(problem) ? followUp(state, 'recovered', at, 'stateful') : [state, []];
  const [settled, more] = settle({ ...open(closed, at), problem }, policy, at);
  return [settled, [...closing, ...more]];
};

/** Recipients who know that it is down are notified that it flaps; then the steps pause. */
const flap = (state: EscalationState, policy: EscalationPolicy, at: number): Folded => {
  const next: EscalationState = { ...state, problem: 'flapping', pausedAt: at, changedAt: at };
  if (state.known === null || !policy.events.includes('flapping')) return settle(next, policy, at);
  return followUp({ ...next, known: 'flapping' }, 'flapping', at);
};

/** It has ceased to flap and is down. The steps go on where they stood; where it flapped from the first, they begin. */
const stabilize = (state: EscalationState, policy: EscalationPolicy, at: number): Folded => {
  const roundAt = state.pausedAt === null ? at : state.roundAt + at - state.pausedAt;
  const next: EscalationState = { ...state, problem: 'down', roundAt, pausedAt: null, remindedAt: at, changedAt: at };
  if (state.known !== 'flapping') return settle(next, policy, at);
  const [notified, effects] = followUp({ ...next, known: 'down' }, 'stable', at);
  const [settled, more] = settle(notified, policy, at);
  return [settled, [...effects, ...more]];
};

/**
 * Recipients of the flapping alert are notified of its end, even without recoveries in the policy; and so is a stateful
 * channel that would keep its own incident open forever.
 */
const end = (state: EscalationState, event: 'recovered' | 'resolved', policy: EscalationPolicy, at: number): Folded => {
  if ((state.status !== 'open' && state.status !== 'acknowledged') || at < state.changedAt) return [state, []];
  const isChosen = policy.events.includes('recovered') || state.known === 'flapping';
  const [notified, effects] = followUp(state, event, at, isChosen ? 'notified' : 'stateful');
  return [{ ...notified, status: 'over', known: null, pausedAt: null, changedAt: at }, effects];
};

const settle = (state: EscalationState, policy: EscalationPolicy, now: number): Folded => {
  const [stepped, steps] = takeSteps(state, policy, now);
  const dueAt = reminderDueAt(stepped, policy);
  if (dueAt === null || dueAt > now) return [stepped, steps];
  const [reminded, reminders] = followUp({ ...stepped, remindedAt: now }, 'reminder', now);
  return [reminded, [...steps, ...reminders]];
};

/** All steps of this round that are due; the next round begins after a pause in any case. */
const takeSteps = (given: EscalationState, policy: EscalationPolicy, now: number): Folded => {
  let state = given;
  const effects: Effect[] = [];
  const notified: Target[] = [];
  const { round } = given;
  for (let dueAt = stepDueAt(state, policy); dueAt !== null && dueAt <= now; dueAt = stepDueAt(state, policy)) {
    const { step, problem } = state;
    // Steps that are due together do not notify the same target twice.
    const targets = without(policy.steps[step]?.targets ?? [], notified);
    state = { ...state, step: step + 1 };
    if (problem !== null && targets.length > 0) {
      const sparing = state.sparing ? { sparing: true } : {};
      effects.push({ type: 'deliver', event: problem, about: problem, round, step, targets, at: now, ...sparing });
      state = { ...state, known: problem, remindedAt: state.known === problem ? state.remindedAt : now };
    }
    notified.push(...targets);
    const isLast = problem === 'down' && step + 1 >= policy.steps.length;
    if (isLast && round - state.firstRound < policy.repeat)
      return [
        { ...state, round: round + 1, step: 0, roundAt: now + policy.pauseSeconds * 1000, sparing: false },
        effects,
      ];
  }
  return [state, effects];
};

/** Null while no step is to come. Anything but a lasting outage is reported once, by the first step. */
const stepDueAt = ({ status, problem, known, step, roundAt }: EscalationState, policy: EscalationPolicy) => {
  const next = policy.steps[step];
  if (status !== 'open' || problem === null || !next || !policy.events.includes(problem)) return null;
  if (problem !== 'down' && (step > 0 || known === problem)) return null;
  return roundAt + next.afterSeconds * 1000;
};

const reminderDueAt = ({ status, problem, known, remindedAt }: EscalationState, policy: EscalationPolicy) =>
  status === 'open' && problem === 'down' && known === 'down' && policy.remindEveryMinutes !== null
    ? remindedAt + policy.remindEveryMinutes * 60_000
    : null;
