import { createSignal } from 'solid-js';
import { retryAfterMs } from '../../../../worker/domain/delivery/retryAfter.ts';
import { Problem } from '../../lib/problem.ts';

/**
 * The API limits how much one person and one address may read (429). While it asks to wait, no read leaves this tab:
 * questions that are asked meanwhile fail here at once, and are asked when the wait is over (queryClient.ts).
 */

const defaultWaitMs = 30_000;
/** A wrong clock or a proxy must not block the dashboard for a day. */
const maxWaitMs = 300_000;

const [pausedUntil, setPausedUntil] = createSignal<number | null>(null);

/** When reads go on, ms since the epoch; null where none are held back. */
export const readsPausedUntil = pausedUntil;

let over: ReturnType<typeof setTimeout> | undefined;

/** How long reads are paused after a refusal with this `Retry-After`, ms. */
export const readPauseMs = (header: string | null, now: number): number =>
  Math.min(maxWaitMs, Math.max(1_000, retryAfterMs(header, now) ?? defaultWaitMs));

/** Pauses reads for this long. A longer pause takes precedence. */
export const pauseReads = (waitMs: number): void => {
  const until = Date.now() + waitMs;
  if (until <= (pausedUntil() ?? 0)) return;
  setPausedUntil(until);
  clearTimeout(over);
  over = setTimeout(() => setPausedUntil(null), waitMs);
};

/** Ends the wait. */
export const resumeReads = (): void => {
  clearTimeout(over);
  setPausedUntil(null);
};

/** Throws what the API would answer. */
export const requireReads = (): void => {
  if (pausedUntil() === null) return;
  throw new Problem({
    title: 'Too many requests',
    status: 429,
    code: 'rate_limited',
    detail: 'You have reached the read limit for this minute. Try again in a minute.',
  });
};

/** Full jitter, so that paused reads do not arrive all at once. */
const spreadMs = 5_000;

/** How long a query waits before a retry. */
export const waitForReadsMs = (now: number, random: number): number =>
  Math.max(0, (pausedUntil() ?? now) - now) + random * spreadMs;
