import type { DecidedVerdict, MonitorState } from './state.ts';

/**
 * History is unlimited, and a target that fails at random would fill the database. So within an hour history stores twelve
 * verdict changes with their votes, and up to sixty in total; further changes are sampled once a minute, which leaves the
 * uptime unbiased. The start and end of an outage are always stored: flapping limits those.
 */
export const explainedPerHour = 12;
export const exactPerHour = 60;
const hourMs = 3_600_000;
const sampleEveryMs = 60_000;

/**
 * One sample in each minute, at varying seconds: a target that alternates by the clock would look the same at every full
 * minute.
 */
const nextSample = (now: number): number => {
  const minute = Math.floor(now / sampleEveryMs);
  const at = sampleIn(minute);
  return at > now ? at : sampleIn(minute + 1);
};

const sampleIn = (minute: number) => Math.floor((minute + ((minute * goldenRatio) % 1)) * sampleEveryMs);

/** Its multiples spread evenly: https://en.wikipedia.org/wiki/Low-discrepancy_sequence#Additive_recurrence */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/** An entry of history: `from` is the verdict before it; `isExplained`: stored with its votes. */
export interface Recorded {
  from: DecidedVerdict;
  since: number;
  isExplained: boolean;
}

/** The entry that history stores now on the way to this state; null where it is up to date, or waits for the next sample. */
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
