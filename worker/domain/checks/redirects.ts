/** Other registrable domains to which a monitor's target redirected, and since when (ms) that is known. */
export type RedirectDomains = Readonly<Record<string, number>>;

/** Each of them counts in the plan of its domain, also where a check reaches only one. */
export const maxRedirectDomains = 5;

/** One that is full takes another domain in place of the oldest after this long. */
const keptMs = 3_600_000;

/** A new redirect is planned by the next cron run for the minute after it, and that run can come a minute late. */
const plannedAfterMs = 180_000;

export const isPlanned = (since: number, now: number): boolean => now - since >= plannedAfterMs;

/** With another domain; null where there are too many. */
export const withRedirect = (known: RedirectDomains, domain: string, now: number): RedirectDomains | null => {
  const kept = Object.entries(known).sort(([, a], [, b]) => b - a);
  if (kept.length >= maxRedirectDomains) {
    const oldest = kept.at(-1)?.[1] ?? now;
    if (now - oldest < keptMs) return null;
    kept.length = maxRedirectDomains - 1;
  }
  return { ...Object.fromEntries(kept), [domain]: now };
};
