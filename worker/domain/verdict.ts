import type { Policy } from './monitor.ts';
import type { Health, Outcome } from './outcome.ts';
import { votesNeeded } from './quorum.ts';
import type { Region } from './region.ts';
import { type Asked, suspect, unsettled } from './suspicion.ts';

/**
 * The state machine that decides a monitor's verdict: outcomes fold into state, and what is to be done comes out as
 * data. It knows no clock; every time is one of an outcome, or `now` as the caller gives it (ms since the epoch).
 */

export type DecidedVerdict = Health | 'unknown';

export interface RegionState {
  /** What the region counts as, after confirmation. */
  health: DecidedVerdict;
  /** The latest outcomes that contradict `health`: how many in a row, and when the first of them began. */
  contradictions: number;
  contradictedSince: number;
  /** What those say. */
  leaning: DecidedVerdict;
  /** Since when `health` holds: the first outcome that said so. */
  since: number;
  /** The last outcome before it, which said otherwise; 0 where there was none. */
  otherwiseUntil: number;
  /** The same for `contradictedSince`. */
  agreedUntil: number;
  /** The latest outcome; an older one is ignored. */
  latest: Outcome;
}

export interface MonitorState {
  verdict: DecidedVerdict;
  /** From when the verdict counts: the first outcome that belongs to it. */
  since: number;
  regions: Partial<Record<Region, RegionState>>;
  /** Confirmation is running since then. */
  suspicion: { since: number } | null;
  /** For when each region was asked out of turn last, and how much of its allowance that used up. */
  asked: Partial<Record<Region, Asked>>;
}

export type Effect =
  | { type: 'verdict'; from: DecidedVerdict; to: DecidedVerdict; since: number; at: number; evidence: Outcome[] }
  /** Ask these regions out of turn, at `at`. */
  | { type: 'ask'; regions: Region[]; at: number };

export const initialState: MonitorState = { verdict: 'unknown', since: 0, regions: {}, suspicion: null, asked: {} };

export const observe = (
  state: MonitorState,
  outcome: Outcome,
  policy: Policy,
  now: number,
): [MonitorState, Effect[]] => {
  // An outcome that says nothing about the target (`unsupported`) does not vote.
  if (outcome.health === 'unknown' || !policy.regions.includes(outcome.region)) return [state, []];
  const before = state.regions[outcome.region];
  if (before && outcome.startedAt <= before.latest.startedAt) return [state, []];
  const regions = {
    ...state.regions,
    [outcome.region]: foldRegion(before, { ...outcome, health: outcome.health }, policy),
  };
  return settle({ ...state, regions }, policy, now, countsFrom);
};

/** Applies a policy that was changed: regions that are gone no longer vote. What it changes counts from now on. */
export const adopt = (state: MonitorState, policy: Policy, now: number): [MonitorState, Effect[]] => {
  const kept = Object.entries(state.regions).filter(([region]) => policy.regions.includes(region as Region));
  return settle({ ...state, regions: Object.fromEntries(kept) }, policy, now, () => now);
};

const foldRegion = (
  before: RegionState | undefined,
  outcome: Outcome & { health: Health },
  policy: Policy,
): RegionState => {
  const heard = { leaning: outcome.health, latest: outcome };
  const at = outcome.startedAt;
  if (!before) {
    const unheard = { health: 'unknown', since: at, otherwiseUntil: 0 } as const;
    return turn({ ...unheard, ...heard, contradictions: 1, contradictedSince: at, agreedUntil: 0 }, policy);
  }
  if (outcome.health === before.health) return { ...before, ...heard, contradictions: 0, contradictedSince: at };
  const continues = before.contradictions > 0 && leansAlike(before, outcome.health);
  const run = continues
    ? { contradictions: before.contradictions + 1 }
    : { contradictions: 1, contradictedSince: at, agreedUntil: before.latest.startedAt };
  return turn({ ...before, ...heard, ...run }, policy);
};

/**
 * Lets the region count as what it has said often enough. Whether it passes and whether it is slow are confirmed one
 * after the other, so a region that begins to pass slowly counts as up until its slowness is confirmed as well.
 */
const turn = (region: RegionState, policy: Policy): RegionState => {
  const { health, leaning, contradictions, contradictedSince, agreedUntil, latest } = region;
  if (leaning === 'unknown' || contradictions < confirmationsNeeded(health, leaning, policy)) return region;
  const turned = {
    ...region,
    since: contradictedSince,
    otherwiseUntil: agreedUntil,
    contradictedSince: latest.startedAt,
  };
  return leaning === 'degraded' && health !== 'up' && policy.degradedConfirmations > 1
    ? { ...turned, health: 'up', contradictions: 1 }
    : { ...turned, health: leaning, contradictions: 0 };
};

/** From down, up and degraded are one: the region passes again. */
const leansAlike = (before: RegionState, health: Health) =>
  before.leaning === health || (before.health === 'down' && health !== 'down' && before.leaning !== 'down');

const confirmationsNeeded = (from: DecidedVerdict, to: Health, policy: Policy) => {
  if (to === 'down') return policy.confirmations;
  if (from === 'down') return policy.recoveryConfirmations;
  return from === 'unknown' ? 1 : policy.degradedConfirmations;
};

const settle = (
  state: MonitorState,
  policy: Policy,
  now: number,
  sinceOf: (state: MonitorState, verdict: DecidedVerdict, policy: Policy) => number,
): [MonitorState, Effect[]] => {
  const verdict = decide(state, policy);
  const effects: Effect[] = [];
  let next = state;
  if (verdict !== state.verdict) {
    const since = Math.max(sinceOf(state, verdict, policy), state.since);
    next = { ...next, verdict, since };
    const evidence = agreeing(state, verdict)
      .map((region) => region.latest)
      .sort((a, b) => a.startedAt - b.startedAt);
    effects.push({ type: 'verdict', from: state.verdict, to: verdict, since, at: now, evidence });
  }
  const [confirmation, ask] = suspect(next, policy, now);
  return [{ ...next, ...confirmation }, [...effects, ...ask]];
};

/**
 * Down with a quorum of failing regions. Up again, or for the first time, only when so many regions pass that no quorum
 * for down is left; in between the verdict stays what it was.
 */
const decide = (state: MonitorState, policy: Policy): DecidedVerdict => {
  const count = (...healths: DecidedVerdict[]) =>
    policy.regions.filter((r) => healths.includes(state.regions[r]?.health ?? 'unknown')).length;
  const needed = votesNeeded(policy.quorum, policy.regions.length);
  if (count('down') >= needed) return 'down';
  if (count('up', 'degraded') > policy.regions.length - needed)
    return count('degraded', 'down') >= needed && count('degraded') > 0 ? 'degraded' : 'up';
  return state.verdict === 'degraded' && count('degraded') === 0 ? 'up' : state.verdict;
};

/** What regions say on which a change to `verdict` rests. */
const agreeingHealths = (from: DecidedVerdict, verdict: DecidedVerdict): DecidedVerdict[] => {
  if (verdict === 'down') return ['down'];
  if (verdict === 'up') return from === 'degraded' ? ['up'] : ['up', 'degraded'];
  return from === 'down' ? ['degraded', 'up'] : ['degraded', 'down'];
};

const agreeing = (state: MonitorState, verdict: DecidedVerdict): RegionState[] => {
  const healths = agreeingHealths(state.verdict, verdict);
  return Object.values(state.regions).filter((region) => healths.includes(region.health));
};

/**
 * When the verdict began: with the first check that said so after enough regions had said otherwise for the last time.
 * A region that failed alone long before therefore does not lengthen the outage.
 */
const countsFrom = (state: MonitorState, verdict: DecidedVerdict, policy: Policy): number => {
  const regions = agreeing(state, verdict);
  const needed = votesNeeded(policy.quorum, policy.regions.length);
  const passing = verdict === 'up' || state.verdict === 'down';
  const votes = Math.min(regions.length, passing ? policy.regions.length - needed + 1 : needed);
  const otherwiseUntil = regions.map((region) => region.otherwiseUntil).sort((a, b) => a - b)[votes - 1] ?? 0;
  const joining = Object.values(state.regions)
    .filter((region) => unsettled(region) && agreeingHealths(state.verdict, verdict).includes(region.leaning))
    .map((region) => region.contradictedSince);
  const starts = [...regions.map((region) => region.since), ...joining];
  return Math.min(...starts.filter((start) => start > otherwiseUntil));
};
