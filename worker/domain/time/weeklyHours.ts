import type { Span } from '../history/uptime.ts';
import { mergeSpans } from '../maintenance/maintenance.ts';
import { instantOf, wallTimeAt } from './wallTime.ts';

/**
 * Hours that come back each week by the clocks of a time zone, such as Monday to Friday from 22:00 to 07:00. Where the
 * clocks change, they begin and end when the clocks show it (wallTime.ts), so that they last an hour more or less.
 */

/** In the order of `Date.getUTCDay`, which is that of the week from Sunday. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

export interface WeeklyHours {
  /** On which they begin. */
  days: (typeof weekdays)[number][];
  /** Such as `22:00`. */
  from: string;
  /** Not after `from`: on the next day. The same as `from`: for 24 hours. */
  to: string;
}

const dayMs = 86_400_000;
const weekMinutes = 7 * 24 * 60;

/** What they cover when the clocks do not change, in minutes of a week, ascending; the last may reach into the next. */
const weekSpans = (entries: readonly WeeklyHours[]): Span[] =>
  entries
    .flatMap(({ days, from, to }) =>
      days.map((day) => ({ day: weekdays.indexOf(day), begin: minutes(from), end: endMinutes(from, to) })),
    )
    .map(({ day, begin, end }) => ({ from: day * 1440 + begin, to: day * 1440 + end }))
    .sort((a, b) => a.from - b.from);

/** Whether they leave no minute of the week out. */
export const isAlways = (entries: readonly WeeklyHours[]): boolean => {
  const spans = weekSpans(entries);
  // What reaches into the next week covers the beginning of this one.
  let reached = Math.max(0, ...spans.map(({ to }) => to - weekMinutes));
  for (const { from, to } of spans) {
    if (from > reached) return false;
    reached = Math.max(reached, to);
  }
  return reached >= weekMinutes;
};

/** The spans (ms since the epoch) that begin on the days around `[from, to]`: at least all that touch it. Unordered. */
const weeklySpans = (entries: readonly WeeklyHours[], timeZone: string, from: number, to: number): Span[] => {
  const firstDay = Math.floor(wallTimeAt(from, timeZone) / dayMs) - 2;
  const lastDay = Math.floor(wallTimeAt(to, timeZone) / dayMs) + 1;
  const spans: Span[] = [];
  for (let day = firstDay; day <= lastDay; day++) spans.push(...spansOfDay(entries, timeZone, day));
  return spans;
};

/** `day` in days since the epoch, on the wall: what begins on it. */
const spansOfDay = (entries: readonly WeeklyHours[], timeZone: string, day: number): Span[] => {
  const weekday = weekdays[new Date(day * dayMs).getUTCDay()];
  const at = (minute: number) => instantOf(day * dayMs + minute * 60_000, timeZone);
  return entries.flatMap(({ days, from, to }) => {
    if (!weekday || !days.includes(weekday)) return [];
    const span = { from: at(minutes(from)), to: at(endMinutes(from, to)) };
    return span.from < span.to ? [span] : [];
  });
};

/**
 * When they hold within `within`, which is ascending and disjoint, as the answer is. Only days that it touches are
 * expanded; `steps` counts what was.
 */
export const hoursWithin = (
  entries: readonly WeeklyHours[],
  timeZone: string,
  within: readonly Span[],
): { spans: Span[]; steps: number } => {
  const days = new Set<number>();
  let last = Number.NEGATIVE_INFINITY;
  for (const { from, to } of within) {
    const end = Math.floor(wallTimeAt(to, timeZone) / dayMs) + 1;
    for (let day = Math.max(last + 1, Math.floor(wallTimeAt(from, timeZone) / dayMs) - 2); day <= end; day++)
      days.add(day);
    last = Math.max(last, end);
  }
  const held = mergeSpans([...days].flatMap((day) => spansOfDay(entries, timeZone, day)));
  const spans: Span[] = [];
  let i = 0;
  for (const { from, to } of within) {
    while ((held[i]?.to ?? Number.POSITIVE_INFINITY) <= from) i++;
    for (let j = i, one = held[j]; one && one.from < to; one = held[++j])
      spans.push({ from: Math.max(from, one.from), to: Math.min(to, one.to) });
  }
  return { spans, steps: days.size * entries.length + spans.length };
};

/** When the hours that hold at `at` end; null where none do. Others may begin just then. */
export const weeklyHoursEnd = (entries: readonly WeeklyHours[], timeZone: string, at: number): number | null => {
  const ends = weeklySpans(entries, timeZone, at, at).flatMap(({ from, to }) => (from <= at && at < to ? [to] : []));
  return ends.length > 0 ? Math.max(...ends) : null;
};

const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const endMinutes = (from: string, to: string) => minutes(to) + (minutes(to) <= minutes(from) ? 1440 : 0);
