/**
 * What a `Retry-After` header asks for, in ms from `now` (ms since the epoch); null where it asks for nothing that can be
 * understood. Some senders give fractions of a second, which RFC 9110, 10.2.3, does not have.
 */
export const retryAfterMs = (header: string | null, now: number): number | null => {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const at = /^[A-Z][a-z]{2,8}, .*GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
};
