import { z } from 'zod';
import type { Target } from './escalationPolicy.ts';
import { type DeliveryEvent, type Problem, problems } from './events.ts';

/** Times are ms since the epoch. Fields have defaults, so that what an earlier version stored still loads. */
const escalationState = z.object({
  /** Acknowledged: it goes on, but somebody takes care of it. Over: it can begin again. */
  status: z.enum(['idle', 'open', 'acknowledged', 'over']).default('idle'),
  /** The present standing. Null before the first. */
  problem: z.enum(problems).nullable().default(null),
  /** The last notification, until its end is reported. */
  known: z.enum(problems).nullable().default(null),
  /** When something happened last; what is older comes too late and changes nothing. */
  changedAt: z.number().default(0),
  /** Counts up for good, so that no two messages of one incident have the same round and step. */
  round: z.number().default(0),
  /** The round with which it opened last. */
  firstRound: z.number().default(0),
  /** From when the delays of this round count. */
  roundAt: z.number().default(0),
  /** The next step of this round. */
  step: z.number().default(0),
  /** While it flaps, the round stands still since then. */
  pausedAt: z.number().nullable().default(null),
  /** The last reminder, or what it is counted from. */
  remindedAt: z.number().default(0),
  /** This round skips recipients who were notified already: it runs a policy that replaced another. */
  sparing: z.boolean().default(false),
  /** The number of the next follow-up. */
  followUp: z.number().default(1),
});

export type EscalationState = z.infer<typeof escalationState>;

/**
 * One message to each channel that `targets` lead to. Effects are carried out in order: a later one may depend on earlier
 * recipients.
 */
export interface Effect {
  type: 'deliver';
  event: DeliveryEvent;
  /** The problem that begins, goes on or has ended. */
  about: Problem;
  round: number;
  /** Position in the policy, from 0; of a follow-up its number, from 1. */
  step: number;
  /**
   * `notified`: the recipients of this incident so far (`audienceOf`); `stateful`: of those, the stateful channels, also
   * where the problem failed (`missedBy`).
   */
  targets: readonly Target[] | 'notified' | 'stateful';
  /** Skips channels that were notified of the problem, or still will be. */
  sparing?: boolean;
  at: number;
}

export type Folded = [EscalationState, Effect[]];

export const initialEscalation: EscalationState = escalationState.parse({});

/** Reads a state as any version stored it. Throws a ZodError where it is none. */
export const restoreEscalation = (stored: unknown): EscalationState => escalationState.parse(stored);
