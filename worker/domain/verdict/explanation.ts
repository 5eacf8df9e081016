import type { Health, Observation } from '../checks/outcome.ts';
import type { Region } from '../checks/region.ts';
import type { Advisory } from './advisory.ts';
import type { AlertEvent } from './alerts.ts';
import type { DecidedVerdict, Refusal } from './state.ts';
import type { Quorum } from './votesNeeded.ts';

/**
 * The reasons for a verdict, as data: stored with each transition, and computed for the present. Times are ms since the
 * epoch.
 */
export interface Explanation {
  verdict: DecidedVerdict;
  /** When the verdict took effect, and when it was decided (or explained). */
  since: number;
  at: number;
  /** The quorum of the policy. */
  quorum: Quorum;
  confirmations: number;
  recoveryConfirmations: number;
  /** Failing votes, of `size`, that turn it down or keep it down. More than `size` where too few regions have fresh data. */
  needed: number;
  /** Passing votes that make it up. */
  neededPassing: number;
  /** Number of votes; regions in one data centre have one together. */
  size: number;
  /** How the votes were cast. */
  down: number;
  passing: number;
  /** One of each region of the policy, in its order. */
  votes: RegionVote[];
  /** A quorum for another verdict holds, but not yet for the policy's period. */
  holding: { to: DecidedVerdict; since: number; until: number } | null;
  isFlapping: boolean;
  /** A region contradicts the others, and is not confirmed on demand before `until`; missing where no confirmation waits. */
  backedOff?: { unconfirmed: number; changes: number; until: number };
  /** The alert that is due, and the reason for its suppression. */
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
  /** The start of the region's last known outcome, where its data is stale. */
  staleSince: number | null;
  /** The reason why its checks have no result, where it has no vote. Missing in explanations of earlier versions. */
  refusal?: Refusal | null;
  /** Its latest judged outcome. Quiet outcomes are not judged, so it may be old. */
  evidence: (Omit<Observation, 'region'> & { startedAt: number }) | null;
}

export type Suppression =
  | { type: 'maintenance'; until: number | null }
  /** Ids of the monitors that are down (`until` is null), or that are suspect and block the alert until then. */
  | { type: 'dependency'; monitorIds: string[]; until: number | null };
