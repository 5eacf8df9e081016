/**
 * How long to wait (ms) after so many failures in a row (from 1): exponential, of which the second half is jitter. `random`
 * is in [0, 1).
 */
export const pauseMs = (failures: number, { firstMs, maxMs }: { firstMs: number; maxMs: number }, random: number) => {
  const ceilingMs = Math.min(maxMs, firstMs * 2 ** (failures - 1));
  return Math.ceil((ceilingMs / 2) * (1 + random));
};

/**
 * When a delivery that failed is tried again. Exponential backoff with full jitter, so that those who failed together do
 * not come back together: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */

/** The first retry comes after 5 s on average: full jitter draws from the whole of the time before the ceiling. */
const firstCeilingMs = 10_000;
const maxCeilingMs = 30 * 60_000;
/** Jitter can come out as nothing, but what has just failed is left alone for a moment. */
const minDelayMs = 1_000;
const maxJitterAfterRetryAfterMs = 5_000;

/** A due delivery is retried for this long before it fails. */
export const giveUpAfterMs = 24 * 3_600_000;

/**
 * When to retry after the attempt that failed at `now`, the `attempts`th (from 1); ms since the epoch. `since` is when the
 * delivery was created, or later, when its turn or the end of quiet hours came. The pause that the receiver requests
 * (`retryAfterMs`, null for none) is respected, but not past the end, where there is one last attempt. `random` is in [0, 1).
 */
export const nextAttempt = (
  attempts: number,
  since: number,
  now: number,
  retryAfterMs: number | null,
  random: number,
): { at: number } | 'failed' => {
  const giveUpAt = since + giveUpAfterMs;
  if (now >= giveUpAt) return 'failed';
  const ceilingMs = Math.min(maxCeilingMs, firstCeilingMs * 2 ** (attempts - 1));
  const jitterMs = Math.max(minDelayMs, Math.floor(random * ceilingMs));
  const askedMs = retryAfterMs === null ? 0 : retryAfterMs + Math.floor(random * maxJitterAfterRetryAfterMs);
  return { at: Math.min(now + Math.max(jitterMs, askedMs), giveUpAt) };
};
