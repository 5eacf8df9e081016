import type { Health, Outcome } from '../checks/outcome.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import type { DecidedVerdict, RegionState } from './state.ts';

/** An outcome that is evidence about the target. */
export type DecisiveOutcome = Outcome & { health: Health };

/**
 * An outcome that arrives later than this after its end may be older than a quiet one, which is not reported. So it turns no
 * region by itself, but causes another check.
 */
const lateAfterMs = 5_000;

const isLate = ({ startedAt, latencyMs }: Outcome, now: number) => now - startedAt - latencyMs > lateAfterMs;

/** Folds an outcome that is newer than all before into the region's health. */
export const foldRegion = (
  before: RegionState | undefined,
  outcome: DecisiveOutcome,
  policy: CheckPolicy,
  hasOutage: boolean,
  now: number,
): RegionState => {
  const at = outcome.startedAt;
  const lastSeen = { leaning: outcome.health, latest: outcome, lastSeenAt: at, isStale: false };
  if (!before) {
    const unseen = { health: 'unknown', since: at, otherwiseUntil: 0 } as const;
    return turn(
      { ...unseen, ...lastSeen, contradictions: 1, contradictedSince: at, agreedUntil: 0 },
      policy,
      hasOutage,
    );
  }
  // Field by field: a second spread costs as much as all the rest.
  const { leaning, latest, lastSeenAt, isStale } = lastSeen;
  const said = { ...before, leaning, latest, lastSeenAt, isStale };
  if (outcome.health === before.health) return { ...said, contradictions: 0, contradictedSince: at };
  const continues = before.contradictions > 0 && leansAlike(before, outcome.health, hasOutage);
  const after = continues
    ? { ...said, contradictions: before.contradictions + 1 }
    : { ...said, contradictions: 1, contradictedSince: at, agreedUntil: before.latest.startedAt };
  const isNews = after.contradictions === 1 && before.health !== 'unknown';
  return isNews && isLate(outcome, now) ? after : turn(after, policy, hasOutage);
};

/**
 * Turns the region's health once its latest outcomes are confirmed. Passing and slowness are confirmed one after the other,
 * so a region that begins to pass slowly counts as up until its slowness is confirmed as well.
 */
const turn = (region: RegionState, policy: CheckPolicy, hasOutage: boolean): RegionState => {
  const { health, leaning, contradictions, contradictedSince, agreedUntil, latest } = region;
  if (leaning === 'unknown' || contradictions < confirmationsNeeded(health, leaning, policy, hasOutage)) return region;
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

/** From down, and from stale during an outage, up and degraded are the same: the region passes again. */
const leansAlike = (before: RegionState, health: Health, hasOutage: boolean) =>
  before.leaning === health ||
  ((before.health === 'down' || (before.health === 'unknown' && hasOutage)) &&
    health !== 'down' &&
    before.leaning !== 'down');

/** Consecutive outcomes that turn a region to `to`. */
export const confirmationsNeeded = (from: DecidedVerdict, to: Health, policy: CheckPolicy, hasOutage: boolean) => {
  if (to === 'down') return policy.confirmations;
  if (from === 'down' || (from === 'unknown' && hasOutage)) return policy.recoveryConfirmations;
  return from === 'unknown' ? 1 : policy.degradedConfirmations;
};

/** A region is unsettled while its latest outcomes fail or pass, and are not confirmed yet. */
export const isUnsettled = ({ contradictions, health, leaning }: RegionState) =>
  contradictions > 0 && (leaning === 'down' ? health !== 'down' : health === 'down' || health === 'unknown');
