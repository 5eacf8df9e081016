import { z } from 'zod';
import type { Verdict } from '../domain/history/uptime.ts';
import type { LesserProblem } from '../domain/verdict/advisory.ts';
import type { AlertEvent } from '../domain/verdict/alerts.ts';
import type { Explanation, RegionVote } from '../domain/verdict/explanation.ts';
import type { DecidedVerdict } from '../domain/verdict/state.ts';
import { health, outcomeReason, region, timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

/** Why a monitor has the verdict that it has, or had. */
export interface VerdictView {
  monitorId: string;
  verdict: Verdict;
  /** From when it counts. */
  since: string;
  /** When it was decided; for the present, when this was asked. */
  at: string;
  /** Explains the present. False for the past, and where only the latest decision is known of the present. */
  isPresent: boolean;
  /** All of it in one sentence. */
  sentence: string;
  /** The incident that was open then, its first failure and its end included. */
  incidentId: string | null;
  /** Null where a person set the verdict, while Pharos does not check the monitor, and for decisions from before explanations were kept. */
  explanation: ExplanationView | null;
}

export type ExplanationView = Omit<
  Explanation,
  'verdict' | 'since' | 'at' | 'votes' | 'holding' | 'withheld' | 'backedOff'
> & {
  /** One of each region, in the order of the monitor's. */
  votes: VoteView[];
  /** Enough votes for another verdict, but not yet for as long as the policy demands. */
  holding: { to: DecidedVerdict; since: string; until: string } | null;
  /** Some region is confirmed by the regular checks alone until then, because so many confirmations confirmed no change. */
  backedOff: { unconfirmed: number; changes: number; until: string } | null;
  /** What people would have been told by now, and why they are not. */
  withheld: { event: AlertEvent | LesserProblem; because: WithholdingView } | null;
};

export type VoteView = Omit<RegionVote, 'silentSince' | 'refusal' | 'evidence'> & {
  silentSince: string | null;
  /** Why the checks of a region without a vote have no result, where the target's owner can change that. */
  refusal: { reason: 'challenged'; status: number | null; at: string } | null;
  evidence: EvidenceView | null;
};

export type WithholdingView =
  | { type: 'maintenance'; until: string | null }
  /**
   * Monitors that this one depends on, which are down (`until` is null), or may be in a moment and are waited for. A
   * name is null where the monitor is gone.
   */
  | { type: 'dependency'; monitors: { id: string; name: string | null }[]; until: string | null };

/** A verdict in the history of a monitor. */
export type VerdictChangeView = Pick<VerdictView, 'verdict' | 'since' | 'at' | 'sentence' | 'incidentId'>;

/** A check that counted. */
export const evidenceView = responseSchema(() =>
  z.strictObject({
    region: region(),
    outcome: health(),
    reason: outcomeReason(),
    status: z.int().nullable(),
    latencyMs: z.number(),
    dataCentre: z.string().nullable(),
    at: timestamp(),
  }),
);
export type EvidenceView = Shape<typeof evidenceView>;
