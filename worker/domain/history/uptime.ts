import { timeUnits } from '../time/duration.ts';

export const verdicts = ['up', 'degraded', 'down', 'unknown', 'paused', 'maintenance'] as const;
export type Verdict = (typeof verdicts)[number];

/** From `since` (ms) the verdict held until the next span begins. */
export interface VerdictSpan {
  since: number;
  verdict: Verdict;
}

export interface Span {
  from: number;
  to: number;
}

/** How a person counts a past time: nothing was wrong in it, or the work was planned. */
export type ReclassifiedAs = 'false-positive' | 'maintenance';

export interface Reclassified extends Span {
  id: string;
  as: ReclassifiedAs;
}

/** What is known of a monitor's time, in ms; each list ascends and is disjoint. */
export interface History {
  /** What lies before the first is unknown. */
  spans: readonly VerdictSpan[];
  /** Times in which Pharos itself did not look: unknown, whatever the verdict was. */
  gaps: readonly Span[];
  /** Planned windows; they come before gaps. */
  maintenance?: readonly Span[];
  reclassified?: readonly Reclassified[];
}

/** A time in which one verdict held and counted as one. */
export interface CountedSpan extends Span {
  /** What it was before anybody reclassified it. */
  verdict: Verdict;
  countsAs: Verdict;
  /** Id of the reclassification that it lies in, even where that changes nothing. */
  reclassification: string | null;
}

/**
 * The period in ascending spans without holes. What is paused is paused in any case; planned maintenance comes next, so
 * that a false positive inside of it changes nothing; then gaps, then what was decided.
 */
export const countedSpans = (history: History, { from, to }: Span): CountedSpan[] => {
  const { spans, gaps, maintenance = [], reclassified = [] } = history;
  const verdictSpans = spans.map((span, i) => ({ ...span, from: span.since, to: spans[i + 1]?.since ?? Infinity }));
  const edges = [verdictSpans, gaps, maintenance, reclassified].flatMap((list) =>
    list.flatMap((span) => [span.from, span.to]),
  );
  const cuts = [from, ...edges.filter((at) => from < at && at < to).sort((a, b) => a - b), to];
  const [verdictSpanAt, isBlind, isPlanned, reclassifiedAt] = [
    walk(verdictSpans),
    walk(gaps),
    walk(maintenance),
    walk(reclassified),
  ];
  const counted: CountedSpan[] = [];
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [start, end] = [cuts[i] as number, cuts[i + 1] as number];
    if (end <= start) continue;
    const decided = verdictSpanAt(start)?.verdict ?? 'unknown';
    const seen = isBlind(start) ? 'unknown' : decided;
    const verdict = decided === 'paused' ? decided : isPlanned(start) ? 'maintenance' : seen;
    const by = reclassifiedAt(start);
    append(counted, {
      from: start,
      to: end,
      verdict,
      countsAs: by ? verdictAs(verdict, by.as) : verdict,
      reclassification: by?.id ?? null,
    });
  }
  return counted;
};

/** Finds what holds at times that are asked for in ascending order. */
const walk = <T extends Span>(list: readonly T[]) => {
  let next = 0;
  return (at: number): T | undefined => {
    while ((list[next]?.to ?? Infinity) <= at) next++;
    const found = list[next];
    return found && found.from <= at ? found : undefined;
  };
};

const verdictAs = (verdict: Verdict, as: ReclassifiedAs): Verdict => {
  if (verdict === 'paused') return verdict;
  if (as === 'maintenance') return as;
  return verdict === 'down' || verdict === 'degraded' ? 'up' : verdict;
};

const append = (spans: CountedSpan[], span: CountedSpan) => {
  const last = spans.at(-1);
  const goesOn =
    last?.verdict === span.verdict &&
    last.countsAs === span.countsAs &&
    last.reclassification === span.reclassification;
  if (last && goesOn) last.to = span.to;
  else spans.push(span);
};

export type VerdictMs = Record<Verdict, number>;

/** Milliseconds per verdict: as they count, or as they were before anybody reclassified them. */
export const verdictMs = (spans: readonly CountedSpan[], by: 'countsAs' | 'verdict' = 'countsAs'): VerdictMs => {
  const total: VerdictMs = { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0, maintenance: 0 };
  for (const span of spans) total[span[by]] += span.to - span.from;
  return total;
};

/** The remaining spans of changes in the order in which they were reported: each ends spans that would begin after it. */
export const spansOf = (changes: readonly VerdictSpan[]): VerdictSpan[] => {
  const spans: VerdictSpan[] = [];
  for (const change of changes) {
    while ((spans.at(-1)?.since ?? Number.NEGATIVE_INFINITY) >= change.since) spans.pop();
    spans.push(change);
  }
  return spans;
};

/** Percent with three decimals, or null without data. Floors, so that an outage never displays as 100 %. */
export const uptimePercent = (upMs: number, ofMs: number): number | null =>
  ofMs === 0 ? null : Math.floor((upMs * 100_000) / ofMs) / 1_000;

/** The time that uptime counts, in ms. Unknown, paused and maintenance do not count. */
export const observedMs = (ms: VerdictMs): number => ms.up + ms.degraded + ms.down;

/** Degraded counts as up: the target answered as it should, only slowly. */
export const uptimeOf = (ms: VerdictMs): number | null => uptimePercent(ms.up + ms.degraded, observedMs(ms));

/** So much of a period has to be observed for its percentage to stand for all of it. */
const enough = 0.95;

/** Where a percentage stands for only a part of its period, for how much: `2 minutes`, in its largest unit. Else null. */
export const partOfPeriod = (observed: number, period: number): string | null => {
  if (observed === 0 || observed >= period * enough) return null;
  const [name, size] = timeUnits.find(([, unit]) => observed >= unit * 1000) ?? ['second', 1];
  const count = Math.max(1, Math.floor(observed / (size * 1000)));
  return `${count} ${name}${count === 1 ? '' : 's'}`;
};

/** Whole seconds, by verdict. */
export const secondsOf = (ms: VerdictMs) =>
  Object.fromEntries(Object.entries(ms).map(([verdict, own]) => [verdict, Math.round(own / 1000)])) as VerdictMs;
