import type { Health, Observation } from '../checks/outcome.ts';
import type { Region } from '../checks/region.ts';
import type { Advisory } from './advisory.ts';
import type { AlertEvent } from './alerts.ts';
import type { DecidedVerdict, Refusal } from './state.ts';
import type { Quorum } from './votesNeeded.ts';

/** Why a verdict is what it is, as data: kept with each transition, and made for the present. Times are ms since the epoch. */
export interface Explanation {
  verdict: DecidedVerdict;
  /** From when it counts, and when it was decided (or asked). */
  since: number;
  at: number;
  /** What the policy demands. */
  quorum: Quorum;
  confirmations: number;
  recoveryConfirmations: number;
  /** Failing votes that make it down, or keep it so, of `size`. More than `size` where too few regions can be heard. */
  needed: number;
  /** Passing votes that make it up. */
  neededPassing: number;
  /** Votes that there are; regions in one data centre have one together. */
  size: number;
  /** How the votes were cast. */
  down: number;
  passing: number;
  /** One of each region of the policy, in its order. */
  votes: RegionVote[];
  /** A quorum for another verdict holds, but not yet for as long as the policy demands. */
  holding: { to: DecidedVerdict; since: number; until: number } | null;
  isFlapping: boolean;
  /** Some region fails or passes against the rest, and is not confirmed out of turn before `until`; left out where none waits. */
  backedOff?: { unconfirmed: number; changes: number; until: number };
  /** What people would have been told by now, and why they are not. */
  suppressed: { event: AlertEvent | Advisory; because: Suppression } | null;
}

export interface RegionVote {
  region: Region;
  /** Null where it has none. */
  vote: Health | null;
  /** Why it has no vote, or why its vote does not add to the others. */
  ignored: 'never-seen' | 'stale' | 'distrusted' | 'same-data-centre' | 'outdated' | null;
  /** Its latest outcomes say otherwise, but not often enough yet. */
  confirming: { to: Health; count: number; needed: number } | null;
  /** Where it is silent, the start of the last outcome that was heard of it. */
  staleSince: number | null;
  /** Where it has no vote: why its checks have no result. Missing in what an earlier version kept. */
  refusal?: Refusal | null;
  /** Its latest outcome that was judged: of a region that only confirms what is known, an old one. */
  evidence: (Omit<Observation, 'region'> & { startedAt: number }) | null;
}

export type Suppression =
  | { type: 'maintenance'; until: number | null }
  /** Ids of the monitors that are down (`until` is null), or that may be in a moment and are waited for until then. */
  | { type: 'dependency'; monitorIds: string[]; until: number | null };
