/** Epoch seconds of September 2001: no receiver asks for a wait of 31 years, so a larger number is a point in time. */
const firstEpochSeconds = 1e9;
const firstEpochMs = 1e12;

/** Three forms of dates in HTTP (RFC 9110, 5.6.7), with the zones that senders write in place of GMT, and ISO 8601. */
const httpDate = /^[A-Z][a-z]{2,8}, .*(?:GMT|UTC|[+-]\d{4})$/;
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;
const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;

const secondsOf = (text: string): number | null => (/^(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : null);

/**
 * The pause that a `Retry-After` header, or a field of the same meaning, requests, in ms from `now` (ms since the epoch),
 * from 0 to `Number.MAX_SAFE_INTEGER`; null where it is missing or unreadable. Some senders give fractions of a second, which
 * RFC 9110, 10.2.3, does not have.
 */
export const retryAfterMs = (given: string | number | null | undefined, now: number): number | null => {
  const text = typeof given === 'number' ? (Number.isFinite(given) ? plain(given) : '') : (given?.trim() ?? '');
  const seconds = secondsOf(text);
  if (seconds !== null) return Math.min(Math.ceil(seconds * 1000), Number.MAX_SAFE_INTEGER);
  const date = asctime.test(text) ? `${text} GMT` : text;
  const at = asctime.test(text) || httpDate.test(text) || iso.test(text) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
};

/**
 * The pause that a field such as `X-RateLimit-Reset` requests, as `retryAfterMs`. Vendors write there the remaining seconds,
 * or the time of the reset as seconds or ms since the epoch.
 */
export const resetMs = (given: string | null, now: number): number | null => {
  const seconds = secondsOf(given?.trim() ?? '');
  if (seconds === null || seconds < firstEpochSeconds) return retryAfterMs(given, now);
  return Math.max(0, Math.ceil(seconds < firstEpochMs ? seconds * 1000 : seconds) - now);
};

/** Without an exponent, which the parser does not take for a number. */
const plain = (value: number) => (Math.abs(value) < 1e21 ? value.toFixed(3) : String(Number.MAX_SAFE_INTEGER));
