import { ordinals, type Weekday, weekdayLabels, weekdayOf, weekdays } from '../../lib/recurrence.ts';

/** Rules of RFC 5545 in words: those that the form makes, and those that come from calendars. */

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const workingDays = 'MO,TU,WE,TH,FR';
const units: Record<string, string> = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' };

const listed = (items: string[]) => new Intl.ListFormat('en').format(items);
const valuesOf = (text: string | undefined) => text?.split(',') ?? [];

const plainNth = (n: number) => {
  const ending = n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
};

/** `third`, `last`, `second to last`, `21st`. */
const nth = (n: number): string => {
  const count = Math.abs(n);
  const word = ordinals[count - 1] ?? plainNth(count);
  if (n > 0) return word;
  return n === -1 ? 'last' : `${word} to last`;
};

const isWeekday = (text: string): text is Weekday => (weekdays as readonly string[]).includes(text);

/** `Monday`, `first Sunday`; of whole months and years `every Monday`. */
const dayText = (day: string): string => {
  const [, count, weekday = ''] = /^([+-]?\d+)?([A-Z]{2})$/.exec(day) ?? [];
  const word = isWeekday(weekday) ? weekdayLabels[weekday] : weekday;
  return count === undefined ? word : `${nth(Number(count))} ${word}`;
};

/** The day of a month or a year, `day 21` or `the last day`. */
const monthDayText = (days: string[]): string => {
  const numbers = days.map(Number);
  if (numbers.every((n) => n > 0)) return `${numbers.length === 1 ? 'day' : 'days'} ${listed(days)}`;
  return `the ${listed(numbers.map((n) => (n > 0 ? plainNth(n) : nth(n))))} day`;
};

const daysText = (of: Map<string, string>, unit: string): string => {
  const days = valuesOf(of.get('BYDAY')).toSorted(
    (a, b) => weekdays.indexOf(a as Weekday) - weekdays.indexOf(b as Weekday),
  );
  const text = days.join() === workingDays ? 'working day' : listed(days.map(dayText));
  const positions = valuesOf(of.get('BYSETPOS')).map((n) => nth(Number(n)));
  if (positions.length > 0) return `the ${listed(positions)} ${days.length > 1 ? text.replace(/ and /, ' or ') : text}`;
  if (days.some((day) => /\d/.test(day))) return `the ${text}`;
  return unit === 'week' || unit === 'day' ? text.replace('working day', 'working days') : `every ${text}`;
};

/** Parts that no sentence below covers: the rule itself is then shown. */
const isPlain = (of: Map<string, string>) =>
  ['BYYEARDAY', 'BYWEEKNO'].every((part) => !of.has(part)) &&
  !(of.has('BYDAY') && of.has('BYMONTHDAY')) &&
  !(of.has('BYSETPOS') && !of.has('BYDAY')) &&
  units[of.get('FREQ') ?? ''] !== undefined;

const timesText = (of: Map<string, string>, startsAt: string): string => {
  const [hours, minutes] = [valuesOf(of.get('BYHOUR')), valuesOf(of.get('BYMINUTE'))];
  if (hours.length + minutes.length === 0) return '';
  const [hour = '', minute = ''] = startsAt.slice(11, 16).split(':');
  const two = (text: string) => text.padStart(2, '0');
  const times = (hours.length > 0 ? hours : [hour]).flatMap((h) =>
    (minutes.length > 0 ? minutes : [minute]).map((m) => `${two(h)}:${two(m)}`),
  );
  return ` at ${listed(times.toSorted())}`;
};

const endText = (of: Map<string, string>): string => {
  const [, year, month, day] = of.get('UNTIL')?.match(/^(\d{4})(\d\d)(\d\d)/) ?? [];
  if (year) return `, until ${year}-${month}-${day}`;
  const count = Number(of.get('COUNT') ?? 0);
  return count > 0 ? `, ${count.toLocaleString('en')} ${count === 1 ? 'time' : 'times'}` : '';
};

/** The days, where the rule does not take them from the first start. */
const onText = (of: Map<string, string>, unit: string, startsAt: string): string => {
  const [, month = 1, date = 1] = startsAt.slice(0, 10).split('-').map(Number);
  const named = valuesOf(of.get('BYMONTH')).map((n) => months[Number(n) - 1] ?? n);
  const given = of.has('BYMONTHDAY') ? monthDayText(valuesOf(of.get('BYMONTHDAY'))) : null;
  const days = given ?? (of.has('BYDAY') ? daysText(of, unit) : null);
  const inMonths = named.length > 0 ? ` in ${listed(named)}` : '';
  if (unit === 'day') return `${days ? `, on ${days}` : ''}${inMonths}`;
  if (unit === 'week') return ` on ${days ?? weekdayLabels[weekdayOf(startsAt)]}${inMonths}`;
  if (days === null && unit === 'year' && inMonths === '') return ` on day ${date} in ${months[month - 1]}`;
  return ` on ${days ?? `day ${date}`}${inMonths}`;
};

/**
 * How a window repeats, `Every 2 weeks on Monday and Friday`. A rule without words of its own is given as it is.
 * @param startsAt The first start on the clocks of the window: it says what a rule leaves out.
 */
export const recurrenceText = (rule: string | null, startsAt: string): string => {
  if (rule === null) return 'Once';
  const of = new Map(rule.split(';').map((part) => part.split('=') as [string, string]));
  const unit = units[of.get('FREQ') ?? ''] ?? '';
  if (!isPlain(of)) return `Repeats by the rule ${rule}`;
  const interval = Number(of.get('INTERVAL') ?? 1);
  const every = interval === 1 ? `Every ${unit}` : `Every ${interval.toLocaleString('en')} ${unit}s`;
  return `${every}${onText(of, unit, startsAt)}${timesText(of, startsAt)}${endText(of)}`;
};
