import type { Span } from '../history/uptime.ts';

/** The same time in spans that are ascending and disjoint. */
export const mergeSpans = (spans: readonly Span[]): Span[] => {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
};

export const inMaintenance = (windows: readonly Span[], at: number): boolean =>
  windows.some(({ from, to }) => from <= at && at < to);

/** End of the window that holds `at`; null outside of all. */
export const maintenanceEnd = (windows: readonly Span[], at: number): number | null =>
  windows.find(({ from, to }) => from <= at && at < to)?.to ?? null;
