import { type Health, isRefusal, outcomeTexts } from '../checks/outcome.ts';
import type { Reason } from '../checks/reasons.ts';

/** Why a monitor fails, in a few words for a title. */

interface Report {
  health: Health | 'unknown';
  reason: Reason;
  status: number | null;
  latencyMs: number;
}

const maxNamed = 2;

/**
 * `HTTP 503 in 2 of 3 regions, timeout in 1`: the most common first, and what is beyond two as a number. Where no region
 * fails: how slow the slow ones are, or who refuses the checks. Null where the reports say none of it.
 */
export const causeOf = (reports: readonly Report[]): string | null => {
  const failing = reports.filter(({ health }) => health === 'down');
  if (failing.length > 0) return namedCauses(failing, reports.length);
  const slow = reports.filter(({ health, reason }) => health === 'degraded' && reason === 'slow');
  if (slow.length > 0) {
    const slowest = Math.round(Math.max(...slow.map(({ latencyMs }) => latencyMs))).toLocaleString('en');
    return `${slow.length > 1 ? 'Up to ' : ''}${slowest} ms${inRegions(slow.length, reports.length)}`;
  }
  return namedCauses(
    reports.filter(({ health, reason }) => health === 'unknown' && isRefusal(reason)),
    reports.length,
  );
};

/** A region whose latest check contradicts what it counts as names no cause. */
const namedCauses = (reports: readonly Report[], regions: number): string | null => {
  const causes = reports.flatMap((report) => outcomeTexts(report).cause ?? []);
  const [first, ...rest] = [...Map.groupBy(causes, (cause) => cause)]
    .map(([cause, { length }]) => ({ cause, count: length }))
    .sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
  if (!first) return null;
  const named = rest.length < maxNamed ? rest : rest.slice(0, maxNamed - 1);
  const others = rest.slice(named.length).reduce((sum, { count }) => sum + count, 0);
  return [
    `${first.cause}${inRegions(first.count, regions)}`,
    ...named.map(({ cause, count }) => `${continued(cause)} in ${count}`),
    ...(others > 0 ? [`other failures in ${others}`] : []),
  ].join(', ');
};

const inRegions = (count: number, regions: number) => (regions === 1 ? '' : ` in ${count} of ${regions} regions`);

/** As it is written within a sentence. */
export const continued = (cause: string) =>
  /^(HTTP|TLS)\b/.test(cause) ? cause : `${cause.charAt(0).toLowerCase()}${cause.slice(1)}`;
