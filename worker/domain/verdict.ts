import type { Policy } from './monitor.ts';
import type { Health, Outcome } from './outcome.ts';
import { votesNeeded } from './quorum.ts';
import type { Region } from './region.ts';

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
  /** The latest outcome; an older one is ignored. */
  latest: Outcome;
}

export interface MonitorState {
  verdict: DecidedVerdict;
  /** From when the verdict counts: the first outcome that belongs to it. */
  since: number;
  regions: Partial<Record<Region, RegionState>>;
  /** Confirmation is running: how often each region was asked out of turn, and for when the last time. */
  suspicion: { since: number; asked: Partial<Record<Region, { times: number; at: number }>> } | null;
}

export type Effect =
  | { type: 'verdict'; from: DecidedVerdict; to: DecidedVerdict; since: number; at: number; evidence: Outcome[] }
  /** Ask these regions out of turn, at `at`. */
  | { type: 'ask'; regions: Region[]; at: number };

export const initialState: MonitorState = { verdict: 'unknown', since: 0, regions: {}, suspicion: null };

/** A region that just contradicted itself is asked again after this long, so that one hiccup is not counted twice. */
export const askAgainMs = 2_500;

/** A region is asked out of turn at most this often in one suspicion; after that the regular checks decide. */
const maxAsks = 6;

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
  return settle({ ...state, regions }, policy, now);
};

/** Applies a policy that was changed: regions that are gone no longer vote. */
export const adopt = (state: MonitorState, policy: Policy, now: number): [MonitorState, Effect[]] => {
  const kept = Object.entries(state.regions).filter(([region]) => policy.regions.includes(region as Region));
  return settle({ ...state, regions: Object.fromEntries(kept) }, policy, now);
};

const foldRegion = (
  before: RegionState | undefined,
  outcome: Outcome & { health: Health },
  policy: Policy,
): RegionState => {
  const at = outcome.startedAt;
  if (!before) {
    // A first pass needs no confirmation: nobody is told. A first failure does.
    const health = outcome.health === 'down' && policy.confirmations > 1 ? 'unknown' : outcome.health;
    const contradictions = health === outcome.health ? 0 : 1;
    return { health, contradictions, contradictedSince: at, leaning: outcome.health, since: at, latest: outcome };
  }
  if (outcome.health === before.health)
    return { ...before, contradictions: 0, contradictedSince: at, leaning: outcome.health, latest: outcome };
  const continues = before.contradictions > 0 && leansAlike(before, outcome.health);
  const contradictions = continues ? before.contradictions + 1 : 1;
  const contradictedSince = continues ? before.contradictedSince : at;
  const changed = contradictions >= confirmationsNeeded(before.health, outcome.health, policy);
  return changed
    ? {
        health: outcome.health,
        contradictions: 0,
        contradictedSince: at,
        leaning: outcome.health,
        since: contradictedSince,
        latest: outcome,
      }
    : { ...before, contradictions, contradictedSince, leaning: outcome.health, latest: outcome };
};

/** From down, up and degraded are one: the region passes again. */
const leansAlike = (before: RegionState, health: Health) =>
  before.leaning === health || (before.health === 'down' && health !== 'down' && before.leaning !== 'down');

const confirmationsNeeded = (from: DecidedVerdict, to: Health, policy: Policy) => {
  if (to === 'down') return policy.confirmations;
  if (from === 'down') return policy.recoveryConfirmations;
  return from === 'unknown' ? 1 : policy.degradedConfirmations;
};

const settle = (state: MonitorState, policy: Policy, now: number): [MonitorState, Effect[]] => {
  const verdict = decide(state, policy);
  const effects: Effect[] = [];
  let next = state;
  if (verdict !== state.verdict) {
    const since = countsFrom(state, verdict, policy);
    next = { ...next, verdict, since };
    effects.push({
      type: 'verdict',
      from: state.verdict,
      to: verdict,
      since,
      at: now,
      evidence: votes(state, verdict),
    });
  }
  const [suspicion, ask] = suspect(next, policy, now);
  return [{ ...next, suspicion }, [...effects, ...ask]];
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

const votes = (state: MonitorState, verdict: DecidedVerdict): Outcome[] =>
  Object.values(state.regions)
    .filter((region) => (verdict === 'up' ? region.health !== 'down' : region.health === verdict))
    .map((region) => region.latest)
    .sort((a, b) => a.startedAt - b.startedAt);

/**
 * When the verdict began: an outage with its first failing check, a recovery with the first passing one after it.
 * Never before the verdict that it ends.
 */
const countsFrom = (state: MonitorState, verdict: DecidedVerdict, policy: Policy): number => {
  const agrees = (health: DecidedVerdict) =>
    verdict === 'up' ? health === 'up' || health === 'degraded' : health === verdict;
  const starts = policy.regions.flatMap((r) => {
    const region = state.regions[r];
    if (!region || !agrees(region.health)) return [];
    return region.since > state.since ? [region.since] : [];
  });
  const first =
    starts.length > 0 ? Math.min(...starts) : Math.max(...Object.values(state.regions).map((r) => r.latest.startedAt));
  return Math.max(first, state.since);
};

/** A region is unsettled while its latest outcomes say down and it does not count so yet, or the reverse. */
const unsettled = (region: RegionState) =>
  region.contradictions > 0 && (region.health === 'down') !== (region.leaning === 'down');

const suspect = (state: MonitorState, policy: Policy, now: number): [MonitorState['suspicion'], Effect[]] => {
  const open = policy.regions.filter((r) => {
    const region = state.regions[r];
    return region !== undefined && unsettled(region);
  });
  if (open.length === 0) return [null, []];
  const suspicion = state.suspicion ?? { since: now, asked: {} };
  const asked = { ...suspicion.asked };
  const ask = (chosen: Region[], at: number): Effect[] => {
    for (const r of chosen) asked[r] = { times: (asked[r]?.times ?? 0) + 1, at };
    return chosen.length > 0 ? [{ type: 'ask', regions: chosen, at }] : [];
  };
  const mayAsk = (r: Region) => {
    const last = asked[r];
    const answered = !last || last.at <= (state.regions[r]?.latest.startedAt ?? 0);
    return answered && (last?.times ?? 0) < maxAsks;
  };
  const others = state.suspicion ? [] : policy.regions.filter((r) => !open.includes(r));
  const effects = [...ask(others, now), ...ask(open.filter(mayAsk), now + askAgainMs)];
  return [{ ...suspicion, asked }, effects];
};
