import type { Region } from '../../worker/domain/checks/region.ts';
import { votesNeeded } from '../../worker/domain/verdict/votesNeeded.ts';
import type { Report } from './report.ts';
import { faultsAt, type Scenario } from './scenario.ts';

/** Compares a report with the truth. Times in seconds. */

export interface Span {
  from: number;
  to: number;
}

/** When the target failed for everybody, merged where spans touch. */
export const trueOutages = ({ target, monitor }: Scenario): Span[] => {
  const failing = target
    .filter((t) => t.is !== 'slow' || t.latencyMs >= monitor.timeoutMs)
    .toSorted((a, b) => a.from - b.from);
  const merged: Span[] = [];
  for (const { from, to } of failing) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
};

const meets = (a: Span, b: Span) => a.from < b.to && b.from < a.to;

const lateness = ({ faults }: Scenario) =>
  Math.max(0, ...faults.map((fault) => (fault.is === 'late' ? fault.delaySeconds : fault.is === 'reordered' ? 60 : 0)));

/** Whether so many regions could not reach the target at `at` that, by the policy, it was down for Pharos. */
const isQuorumCutOff = (scenario: Scenario, at: number) => {
  const { regions, quorum } = scenario.monitor;
  const suffers = (region: Region, is: 'unreachable' | 'silent' | 'late') =>
    faultsAt(scenario, is, region, at).length > 0;
  const cutOff = regions.filter((region) => suffers(region, 'unreachable')).length;
  // Stale regions, and those that are too late, do not vote: where too few are left for the quorum that all would need,
  // all of these make it, but never fewer than a majority of all that were chosen.
  const left = regions.filter((region) => !suffers(region, 'silent') && !suffers(region, 'late')).length;
  const atFullSize = votesNeeded(quorum, regions.length);
  const majority = Math.floor(regions.length / 2) + 1;
  return cutOff > 0 && cutOff >= Math.min(atFullSize, Math.max(left, majority));
};

/** `down` verdicts without a cause: neither an outage nor a failure of a quorum of regions. */
export const falseAlarms = (scenario: Scenario, { verdicts }: Report): number[] => {
  const { intervalSeconds, timeoutMs, confirmationPeriodSeconds } = scenario.monitor;
  const reach = 2 * intervalSeconds + timeoutMs / 1000 + 15 + confirmationPeriodSeconds + lateness(scenario);
  const outages = trueOutages(scenario);
  return verdicts
    .filter(({ verdict }) => verdict === 'down')
    .map(({ at }) => at)
    .filter((at) => {
      if (outages.some((outage) => meets(outage, { from: at - reach, to: at + 1 }))) return false;
      for (let t = Math.max(0, at - reach); t <= at; t++) if (isQuorumCutOff(scenario, t)) return false;
      return true;
    });
};

/** The times of the verdict down, as notified. */
const downSpans = (scenario: Scenario, { verdicts }: Report): Span[] =>
  verdicts.flatMap(({ at, verdict }, i) =>
    verdict === 'down' ? { from: at, to: verdicts[i + 1]?.at ?? scenario.durationSeconds } : [],
  );

/** The shortest outage that has to be seen, whatever moment it begins at. */
export const noticeableSeconds = ({ monitor }: Scenario) =>
  monitor.intervalSeconds + monitor.timeoutMs / 1000 + monitor.confirmationPeriodSeconds + 10;

/** Outages that were long enough to be seen, and were not. */
export const missedOutages = (scenario: Scenario, report: Report): Span[] => {
  const notified = downSpans(scenario, report);
  return trueOutages(scenario)
    .map(({ from, to }) => ({ from, to: Math.min(to, scenario.durationSeconds) }))
    .filter(({ from, to }) => to - from >= noticeableSeconds(scenario))
    .filter(
      (outage) => !notified.some((down) => meets(down, { from: outage.from, to: outage.to + lateness(scenario) })),
    );
};

/** From the beginning of the first outage to the verdict; null where none was notified. */
export const detectionSeconds = (scenario: Scenario, { verdicts }: Report): number | null => {
  const outage = trueOutages(scenario)[0];
  const notified = outage && verdicts.find(({ at, verdict }) => verdict === 'down' && at >= outage.from);
  return notified ? notified.at - outage.from : null;
};

/** From the end of the first outage to the verdict that ended it. */
export const recoverySeconds = (scenario: Scenario, report: Report): number | null => {
  const outage = trueOutages(scenario)[0];
  const down = report.verdicts.find(({ at, verdict }) => verdict === 'down' && at >= (outage?.from ?? 0));
  const notified = down && report.verdicts.find(({ at, verdict }) => at > down.at && verdict !== 'down');
  return outage && notified ? notified.at - outage.to : null;
};

/** Seconds counted as down, less those that were. */
export const downtimeError = (scenario: Scenario, { seconds }: Report): number =>
  seconds.down - trueOutages(scenario).reduce((sum, { from, to }) => sum + (to - from), 0);

/** Errors in the order of alerts; null where `down` and `up` alternate and flapping is notified once. */
export const alertProblem = ({ alerts }: Report): string | null => {
  let notified = 'up';
  for (const { event, at } of alerts) {
    const isFine =
      event === 'down'
        ? notified === 'up' || notified === 'stable'
        : event === 'up'
          ? notified === 'down' || notified === 'stable'
          : true;
    if (!isFine || event === notified || (event === 'stable') !== (notified === 'flapping'))
      return `${event} after ${notified} at ${at}`;
    notified = event;
  }
  return null;
};
