export type Verdict = 'up' | 'degraded' | 'down' | 'unknown' | 'paused' | 'maintenance';

/** From `since` (ms) the verdict held until the next span begins. */
export interface VerdictSpan {
  since: number;
  verdict: Verdict;
}

export interface Span {
  from: number;
  to: number;
}

export type VerdictMs = Record<Verdict, number>;

/**
 * Milliseconds per verdict in `[from, to)`. `spans` ascend by `since`; what lies before the first is unknown.
 * `gaps` (ascending, disjoint) are times in which Pharos itself did not look: unknown, whatever the verdict was.
 */
export const verdictMs = (
  spans: readonly VerdictSpan[],
  gaps: readonly Span[],
  from: number,
  to: number,
): VerdictMs => {
  const total: VerdictMs = { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0, maintenance: 0 };
  const edges: VerdictSpan[] = [{ since: -Infinity, verdict: 'unknown' }, ...spans];
  edges.forEach((span, i) => {
    const start = Math.max(from, span.since);
    const end = Math.min(to, edges[i + 1]?.since ?? Infinity);
    if (end <= start) return;
    const blind = span.verdict === 'paused' ? 0 : overlapMs(gaps, start, end);
    total[span.verdict] += end - start - blind;
    total.unknown += blind;
  });
  return total;
};

const overlapMs = (gaps: readonly Span[], from: number, to: number) =>
  gaps.reduce((sum, gap) => sum + Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, from)), 0);

/** Percent with three decimals, or null without data. Floors, so that an outage never displays as 100 %. */
export const uptimePercent = (upMs: number, observedMs: number): number | null =>
  observedMs === 0 ? null : Math.floor((upMs * 100_000) / observedMs) / 1_000;

/** Degraded counts as up: the target answered as it should, only slowly. Unknown, paused and maintenance do not count. */
export const uptimeOf = (ms: VerdictMs): number | null =>
  uptimePercent(ms.up + ms.degraded, ms.up + ms.degraded + ms.down);
