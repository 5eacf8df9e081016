import { alertFor } from './alerts.ts';
import { isFlapping, recentChanges, stableAfterMs } from './flapping.ts';
import { inMaintenance, maintenanceEnd } from './maintenance.ts';
import type { Outcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { Region } from './region.ts';
import { endAwaiting, freshForMs, type Heard, isFresh, lastHeard, silence } from './verdict/freshness.ts';
import { agreeing, type Ballot, ballotOf, countsFrom, decide, outdatedVotes } from './verdict/quorum.ts';
import { foldRegion, type Telling } from './verdict/region.ts';
import type { DecidedVerdict, Effect, MonitorState, RegionState } from './verdict/state.ts';
import { suspect } from './verdict/suspicion.ts';

export type { Heard } from './verdict/freshness.ts';
export { freshForMs } from './verdict/freshness.ts';
export type { DecidedVerdict, Effect, MonitorState, RegionState } from './verdict/state.ts';
export { initialState, restoreState } from './verdict/state.ts';
export { askAgainMs } from './verdict/suspicion.ts';

/**
 * The state machine that decides a monitor's verdict: outcomes fold into state, and what is to be done comes out as
 * data. It knows no clock; every time is one of an outcome, or `now` as the caller gives it (ms since the epoch).
 */

type Folded = [MonitorState, Effect[]];

/** Folds one outcome. One that is older than what its region said already changes nothing. */
export const observe = (state: MonitorState, outcome: Outcome, policy: Policy, now: number): Folded => {
  const { region, startedAt } = outcome;
  if (!saysSomething(outcome) || !policy.regions.includes(region)) return [state, []];
  const before = state.regions[region];
  if (before && startedAt <= before.latest.startedAt) return [state, []];
  // Nobody is judged now by what was true long ago.
  if (!isFresh(startedAt, policy, now)) return [state, []];
  const after = foldRegion(before, outcome, policy, state.outage !== null);
  const regions = { ...state.regions, [region]: after };
  const isQuiet =
    before?.health === after.health &&
    before.contradictions === 0 &&
    after.contradictions === 0 &&
    before.latest.dataCentre === outcome.dataCentre &&
    state.suspicion === null &&
    state.holding === null;
  if (isQuiet) return [{ ...state, regions }, []];
  const isAlone = Object.values(state.regions).every((other) => other.isSilent);
  const next = { ...state, regions, awaitingUntil: isAlone ? now + freshForMs(policy) : state.awaitingUntil };
  return settle(next, policy, now, countsFrom, alsoAsked(state, before, after, policy, isAlone));
};

/**
 * Whom to ask although nobody is unsettled: all others after silence, and all others when one probe was enough to turn
 * a region, so that they need not wait for their own next look.
 */
const alsoAsked = (
  state: MonitorState,
  before: RegionState | undefined,
  after: RegionState,
  policy: Policy,
  isAlone: boolean,
): Region[] => {
  const others = policy.regions.filter((region) => region !== after.latest.region);
  if (isAlone) return others.filter((region) => state.regions[region]);
  const turned = before !== undefined && (before.health === 'down') !== (after.health === 'down');
  return turned && state.suspicion === null ? others : [];
};

const saysSomething = (outcome: Outcome): outcome is Telling => outcome.health !== 'unknown';

/** Folds time: periods that ended, windows that closed, regions that were waited for. Due at `wakeAt`. */
export const tick = (state: MonitorState, policy: Policy, now: number): Folded =>
  settle(state, policy, now, countsFrom);

/**
 * Folds what is known of quiet outcomes: when each region was heard last. Regions that have been silent for too long
 * (`freshForMs`) lose their vote and are asked; when none is left, the verdict is unknown since the last outcome.
 */
export const hear = (state: MonitorState, heard: Heard, policy: Policy, now: number): Folded => {
  const after = silence(state, heard, policy, now);
  if (after === state) return [state, []];
  const silenced = policy.regions.filter((region) => after.regions[region] !== state.regions[region]);
  const silencedAt = lastHeard(after, silenced);
  const sinceOf: SinceOf = (s, verdict, ballot, at) =>
    ballot.voters.length === 0 ? lastHeard(s) : Math.max(silencedAt, countsFrom(s, verdict, ballot, at));
  return settle(after, policy, now, sinceOf, silenced);
};

/** Applies a policy that was changed: regions that are gone no longer vote. What it changes counts from now on. */
export const adopt = (state: MonitorState, policy: Policy, now: number): Folded => {
  const kept = Object.entries(state.regions).filter(([region]) => policy.regions.includes(region as Region));
  const isNew = policy.regions.some((region) => !state.regions[region]);
  const awaitingUntil = isNew ? now + freshForMs(policy) : state.awaitingUntil;
  return settle({ ...state, regions: Object.fromEntries(kept), awaitingUntil }, policy, now, () => now);
};

/** When time must be folded again (`tick`) if nothing else happens before; null where it need not. */
export const wakeAt = (state: MonitorState, policy: Policy, now: number): number | null => {
  const times = [
    state.holding && state.holding.since + periodMs(state, state.holding.to, policy),
    state.isFlapping && (state.changes.at(-1) ?? 0) + stableAfterMs(policy),
    state.told !== state.standing && state.standing !== null && maintenanceEnd(policy.maintenance, now),
    policy.regions.some((r) => state.regions[r]?.isSilent !== false) && state.awaitingUntil,
  ].filter((at) => typeof at === 'number' && at > now);
  return times.length > 0 ? Math.min(...(times as number[])) : null;
};

/** Silence has no period, and neither has what follows it, except for what would open or close an outage. */
const periodMs = (state: MonitorState, to: DecidedVerdict, policy: Policy): number => {
  if (to === 'down' && state.outage === null) return policy.confirmationPeriodMs;
  return state.outage !== null && (to === 'up' || to === 'degraded') ? policy.recoveryPeriodMs : 0;
};

/** Up and degraded are one where it is about an outage. */
const isDown = (verdict: DecidedVerdict) => verdict === 'down';

type SinceOf = (state: MonitorState, verdict: DecidedVerdict, ballot: Ballot, now: number) => number;

const settle = (given: MonitorState, policy: Policy, now: number, sinceOf: SinceOf, alsoAsk: Region[] = []): Folded => {
  const effects: Effect[] = [];
  const state = endAwaiting(given, policy, now);
  const ballot = ballotOf(state, policy, now);
  const verdict = decide(state, ballot);
  let next = state;
  if (verdict === state.verdict) {
    if (state.holding) next = { ...next, holding: null };
  } else {
    const held = state.holding && isDown(state.holding.to) === isDown(verdict) ? state.holding : null;
    const from = Math.min(held?.from ?? now, sinceOf(state, verdict, ballot, now));
    const since = held?.since ?? now;
    if (now - since < periodMs(state, verdict, policy)) next = { ...next, holding: { to: verdict, since, from } };
    else next = change(state, verdict, ballot, policy, now, Math.max(from, state.since), effects);
  }
  next = notify(next, policy, now, effects);
  const [confirmation, asks] = suspect(next, policy, outdatedVotes(next, ballot), now);
  const atOnce = asks.filter((ask) => ask.at === now).flatMap((ask) => ask.regions);
  const unasked = alsoAsk.filter((region) => !atOnce.includes(region));
  if (unasked.length > 0) effects.push({ type: 'ask', regions: unasked, at: now });
  return [{ ...next, ...confirmation }, [...effects, ...asks]];
};

const change = (
  state: MonitorState,
  verdict: DecidedVerdict,
  ballot: Ballot,
  policy: Policy,
  now: number,
  since: number,
  effects: Effect[],
): MonitorState => {
  const evidence = agreeing(state, verdict, ballot)
    .map((region) => region.latest)
    .sort((a, b) => a.startedAt - b.startedAt);
  effects.push({ type: 'verdict', from: state.verdict, to: verdict, since, at: now, evidence });
  const next = { ...state, verdict, since, holding: null };
  if (verdict === 'unknown') return next;
  const standing = verdict === 'down' ? 'down' : 'up';
  if (standing === state.standing) return next;
  const counts = (state.standing !== null || standing === 'down') && !inMaintenance(policy.maintenance, now);
  const changes = counts ? recentChanges([...state.changes, now], policy, now) : state.changes;
  const opens = standing === 'down' && state.outage === null;
  if (opens) effects.push({ type: 'outage', change: 'opened', since, at: now, evidence });
  return { ...next, standing, changes, outage: opens ? { since } : state.outage };
};

/** What follows from how it stands now: flapping begins or ends, the outage closes, people are told. */
const notify = (state: MonitorState, policy: Policy, now: number, effects: Effect[]): MonitorState => {
  let next = state;
  const flapping = isFlapping(state.isFlapping, state.changes, policy, now);
  // What made it flap is over with it: counted on, it would make it flap again at once.
  if (flapping !== state.isFlapping) next = { ...next, isFlapping: flapping, changes: flapping ? next.changes : [] };
  if (next.outage && !flapping && next.standing === 'up' && next.verdict !== 'unknown') {
    const ended = effects.find((effect) => effect.type === 'verdict');
    const evidence = ended?.evidence ?? Object.values(next.regions).map((region) => region.latest);
    effects.push({ type: 'outage', change: 'closed', since: next.since, at: now, evidence });
    next = { ...next, outage: null };
  }
  const isWithheld = inMaintenance(policy.maintenance, now);
  const alert = alertFor(next.told, { standing: next.standing, isFlapping: flapping, isWithheld });
  if (!alert) return next;
  effects.push({ type: 'alert', event: alert.event, at: now });
  return { ...next, told: alert.told };
};
