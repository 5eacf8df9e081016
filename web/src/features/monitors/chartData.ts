import type { TickView } from '../../../../worker/contract/views.ts';
import type { Region } from '../../../../worker/domain/checks/region.ts';
import { failed } from '../verdicts/verdictText.ts';

export interface ChartData {
  /** Seconds since the epoch, ascending; one point per interval. */
  times: number[];
  /** Per region and point, ms; null where the region has no answer: a failure, or no data at all. */
  latencies: (number | null)[][];
  /** Points at which a region failed. */
  failures: boolean[][];
}

/** Parsed once: a day of ticks is drawn again with each tick that arrives. */
const parsed = new WeakMap<TickView, number>();

/** When it was due, in seconds since the epoch. */
const secondsOf = (tick: TickView): number => {
  const known = parsed.get(tick);
  if (known !== undefined) return known;
  const seconds = Date.parse(tick.scheduledAt) / 1000;
  parsed.set(tick, seconds);
  return seconds;
};

/**
 * Puts the ticks of all regions onto one time axis of whole intervals, so that gaps stay gaps.
 * `ticks` ascend by time; points without any tick get nulls.
 */
export const chartData = (
  ticks: readonly TickView[],
  regions: readonly Region[],
  intervalSeconds: number,
): ChartData => {
  const slotOf = (tick: TickView) => Math.floor(secondsOf(tick) / intervalSeconds);
  const first = ticks[0];
  const last = ticks.at(-1);
  if (!first || !last) return { times: [], latencies: regions.map(() => []), failures: regions.map(() => []) };
  const start = slotOf(first);
  const count = slotOf(last) - start + 1;
  const latencies = regions.map(() => new Array<number | null>(count).fill(null));
  const failures = regions.map(() => new Array<boolean>(count).fill(false));
  for (const tick of ticks) {
    const series = regions.indexOf(tick.region);
    const point = slotOf(tick) - start;
    const line = latencies[series];
    const marks = failures[series];
    if (!line || !marks || point < 0) continue;
    if (failed(tick)) marks[point] = true;
    else line[point] = tick.latencyMs;
  }
  return { times: Array.from({ length: count }, (_, i) => (start + i) * intervalSeconds), latencies, failures };
};

export interface RegionSummary {
  region: Region;
  checks: number;
  failures: number;
  medianMs: number | null;
  p95Ms: number | null;
  slowestMs: number | null;
}

/** Nearest-rank quantile of ascending values: https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method */
const quantile = (ascending: Float64Array, share: number): number | null =>
  ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? null;

/** The contents of the chart in numbers, for people who cannot see it. Latencies are of passes, not of failures. */
export const summarize = (ticks: readonly TickView[], regions: readonly Region[]): RegionSummary[] => {
  const latencies = new Map(regions.map((region) => [region, [] as number[]]));
  const failures = new Map<Region, number>();
  for (const tick of ticks) {
    if (failed(tick)) failures.set(tick.region, (failures.get(tick.region) ?? 0) + 1);
    else latencies.get(tick.region)?.push(tick.latencyMs);
  }
  return regions.map((region) => {
    // Typed arrays sort numbers several times as fast.
    const answers = Float64Array.from(latencies.get(region) ?? []).sort();
    const failed = failures.get(region) ?? 0;
    return {
      region,
      checks: answers.length + failed,
      failures: failed,
      medianMs: quantile(answers, 0.5),
      p95Ms: quantile(answers, 0.95),
      slowestMs: answers.at(-1) ?? null,
    };
  });
};
