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
 * `maintenance` (ascending, disjoint) comes before both. What is paused is paused in any case.
 */
export const verdictMs = (
  spans: readonly VerdictSpan[],
  gaps: readonly Span[],
  from: number,
  to: number,
  maintenance: readonly Span[] = [],
): VerdictMs => {
  const blindGaps = without(gaps, maintenance);
  const total: VerdictMs = { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0, maintenance: 0 };
  const edges: VerdictSpan[] = [{ since: -Infinity, verdict: 'unknown' }, ...spans];
  edges.forEach((span, i) => {
    const start = Math.max(from, span.since);
    const end = Math.min(to, edges[i + 1]?.since ?? Infinity);
    if (end <= start) return;
    const isPaused = span.verdict === 'paused';
    const blind = isPaused ? 0 : overlapMs(blindGaps, start, end);
    const maintained = isPaused ? 0 : overlapMs(maintenance, start, end);
    total[span.verdict] += end - start - blind - maintained;
    total.unknown += blind;
    total.maintenance += maintained;
  });
  return total;
};

const overlapMs = (gaps: readonly Span[], from: number, to: number) =>
  gaps.reduce((sum, gap) => sum + Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, from)), 0);

/** What is left of `spans` outside of `taken`, both ascending and disjoint. */
const without = (spans: readonly Span[], taken: readonly Span[]): Span[] =>
  taken.reduce<Span[]>(
    (left, { from, to }) =>
      left.flatMap((span) =>
        [
          { from: span.from, to: Math.min(span.to, from) },
          { from: Math.max(span.from, to), to: span.to },
        ].filter((part) => part.from < part.to),
      ),
    [...spans],
  );

/** The spans that remain of changes in the order in which they were told: each ends what would begin after it. */
export const spansOf = (changes: readonly VerdictSpan[]): VerdictSpan[] => {
  const spans: VerdictSpan[] = [];
  for (const change of changes) {
    while ((spans.at(-1)?.since ?? Number.NEGATIVE_INFINITY) >= change.since) spans.pop();
    spans.push(change);
  }
  return spans;
};

/** Percent with three decimals, or null without data. Floors, so that an outage never displays as 100 %. */
export const uptimePercent = (upMs: number, observedMs: number): number | null =>
  observedMs === 0 ? null : Math.floor((upMs * 100_000) / observedMs) / 1_000;

/** Degraded counts as up: the target answered as it should, only slowly. Unknown, paused and maintenance do not count. */
export const uptimeOf = (ms: VerdictMs): number | null =>
  uptimePercent(ms.up + ms.degraded, ms.up + ms.degraded + ms.down);
