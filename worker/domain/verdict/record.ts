import type { DecidedVerdict, MonitorState } from './state.ts';

/**
 * History has no end, and a target that fails at random would fill the database. So within an hour it takes twelve changes
 * of the verdict with their votes, and up to sixty as they come; what lies beyond is sampled once a minute, which leaves
 * the uptime unbiased. The beginning and the end of an outage are kept in any case: flapping bounds those.
 */
export const explainedPerHour = 12;
export const exactPerHour = 60;
const hourMs = 3_600_000;
const sampleEveryMs = 60_000;

/** Each minute has one, somewhere in it: a target that alternates by the clock would look the same on every full one. */
const nextSample = (now: number): number => {
  const minute = Math.floor(now / sampleEveryMs);
  const at = sampleIn(minute);
  return at > now ? at : sampleIn(minute + 1);
};

const sampleIn = (minute: number) => Math.floor((minute + ((minute * goldenRatio) % 1)) * sampleEveryMs);

/** Its multiples spread evenly: https://en.wikipedia.org/wiki/Low-discrepancy_sequence#Additive_recurrence */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/** What history takes: `from` is what it said before; `isExplained`: with its votes. */
export interface Recorded {
  from: DecidedVerdict;
  since: number;
  isExplained: boolean;
}

/** What history takes now of the way to this state; null where it says so already, or the next sample is to come. */
export const record = (
  before: MonitorState,
  after: MonitorState,
  isOutageChange: boolean,
  now: number,
): [MonitorState, Recorded | null] => {
  const from = before.unrecorded?.verdict ?? before.verdict;
  if (after.verdict === from) return [after.unrecorded ? { ...after, unrecorded: null } : after, null];
  const lately = before.recorded.filter((at) => at > now - hourMs);
  const isExact = isOutageChange || (before.unrecorded === null && lately.length < exactPerHour);
  const dueAt = before.unrecorded?.dueAt ?? nextSample(now);
  if (!isExact && now < dueAt) return [{ ...after, unrecorded: { verdict: from, dueAt } }, null];
  const next = { ...after, unrecorded: null, recorded: [...lately, now].slice(-exactPerHour) };
  const isExplained = isOutageChange || (isExact && lately.length < explainedPerHour);
  return [next, { from, since: isExact ? after.since : Math.max(after.since, dueAt), isExplained }];
};
