import { dateFormat } from './dates.ts';
import { zonedDate, zonedTime } from './zoned.ts';

/** Days are `2026-11-22`, months `2026-11`; weeks begin on Monday. */

const dayMs = 86_400_000;
const asDate = (day: string) => new Date(`${day}T00:00:00Z`);
const dayText = (ms: number) => new Date(ms).toISOString().slice(0, 10);

export const monthOf = (day: string) => day.slice(0, 7);

export const monthAfter = (month: string, by: number): string => {
  const first = asDate(`${month}-01`);
  first.setUTCMonth(first.getUTCMonth() + by);
  return first.toISOString().slice(0, 7);
};

export const monthText = (month: string): string =>
  dateFormat({ month: 'long', year: 'numeric', timeZone: 'UTC' }).format(asDate(`${month}-01`));

export const dayLabels = (day: string): string =>
  dateFormat({ weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(asDate(day));

/** The weeks that the month touches, of seven days each. */
export const weeksOf = (month: string): string[][] => {
  const first = asDate(`${month}-01`);
  const monday = first.getTime() - ((first.getUTCDay() + 6) % 7) * dayMs;
  const weeks: string[][] = [];
  for (let start = monday; monthOf(dayText(start)) <= month; start += 7 * dayMs)
    weeks.push(Array.from({ length: 7 }, (_, i) => dayText(start + i * dayMs)));
  return weeks;
};

/** All that the weeks of a month can hold in any time zone. */
export const periodOf = (month: string): { from: string; to: string } => {
  const days = weeksOf(month).flat();
  const from = asDate(days[0] ?? `${month}-01`).getTime() - dayMs;
  return { from: new Date(from).toISOString(), to: new Date(from + (days.length + 2) * dayMs).toISOString() };
};

/** The windows of each day in the given time zone. One that ends at midnight does not extend into the next day. */
export const byDay = <T extends { from: string; to: string }>(
  held: readonly T[],
  timeZone: string,
): Map<string, T[]> => {
  const days = new Map<string, T[]>();
  for (const one of held) {
    const last = zonedDate(new Date(Date.parse(one.to) - 1).toISOString(), timeZone);
    for (let day = zonedDate(one.from, timeZone); day <= last; day = dayText(asDate(day).getTime() + dayMs))
      days.set(day, [...(days.get(day) ?? []), one]);
  }
  return days;
};

/** `02:00–04:00`; what began before or ends after that day has an open end there. */
export const timesOn = ({ from, to }: { from: string; to: string }, day: string, timeZone: string): string => {
  const begins = zonedDate(from, timeZone) === day;
  const ends = zonedDate(new Date(Date.parse(to) - 1).toISOString(), timeZone) === day;
  if (!begins && !ends) return 'all day';
  return `${begins ? zonedTime(from, timeZone) : '…'}–${ends ? zonedTime(to, timeZone) : '…'}`;
};
