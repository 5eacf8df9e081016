/** Plain choices of how a window repeats, and the rules (RFC 5545) that they are kept as. */

export const repeats = ['once', 'daily', 'weekly', 'monthly-day', 'monthly-weekday', 'monthly-last', 'custom'] as const;
export type Repeat = (typeof repeats)[number];

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof weekdays)[number];
export const weekdayLabels: Record<Weekday, string> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};
export const ordinals = ['first', 'second', 'third', 'fourth', 'fifth'];

export interface Recurrence {
  repeat: Repeat;
  /** The number of days, weeks or months between occurrences. */
  interval: number;
  /** For `weekly`. */
  days: Weekday[];
  /** The last day on which it may begin, `2026-12-31`; empty: it goes on. */
  until: string;
  /** For `custom`. */
  rule: string;
}

/** The meaning of the first start's day: a Saturday, the third of its month, the 21st. */
const dayOf = (startsAt: string) => {
  const start = new Date(`${startsAt.slice(0, 10)}T00:00:00Z`);
  const date = Number.isNaN(start.getTime()) ? 1 : start.getUTCDate();
  const weekday = weekdays[((start.getUTCDay() || 7) + 6) % 7] ?? 'MO';
  return { date, weekday, nth: Math.ceil(date / 7) };
};

export const weekdayOf = (startsAt: string): Weekday => dayOf(startsAt).weekday;

/** The choice in words, which depend on the day of the first start. */
export const repeatText = (repeat: Repeat, startsAt: string): string => {
  const { date, weekday, nth } = dayOf(startsAt);
  const texts: Record<Repeat, string> = {
    once: 'Once',
    daily: 'Daily',
    weekly: 'Weekly, on chosen days',
    'monthly-day': `Monthly, on day ${date}`,
    'monthly-weekday': `Monthly, on the ${ordinals[nth - 1]} ${weekdayLabels[weekday]}`,
    'monthly-last': `Monthly, on the last ${weekdayLabels[weekday]}`,
    custom: 'Custom rule (RRULE)',
  };
  return texts[repeat];
};

/** The unit of `interval`; null where there is none. */
export const unitOf = (repeat: Repeat): string | null => {
  if (repeat === 'once' || repeat === 'custom') return null;
  return repeat === 'daily' ? 'day' : repeat === 'weekly' ? 'week' : 'month';
};

const patternOf = ({ repeat, days }: Recurrence, startsAt: string): string => {
  const { date, weekday, nth } = dayOf(startsAt);
  if (repeat === 'daily') return 'FREQ=DAILY';
  if (repeat === 'weekly') return `FREQ=WEEKLY;BYDAY=${weekdays.filter((day) => days.includes(day))}`;
  if (repeat === 'monthly-day') return `FREQ=MONTHLY;BYMONTHDAY=${date}`;
  return `FREQ=MONTHLY;BYDAY=${repeat === 'monthly-last' ? -1 : nth}${weekday}`;
};

/** The rule, or null for once. */
export const ruleOf = (recurrence: Recurrence, startsAt: string): string | null => {
  const { repeat, interval, until, rule } = recurrence;
  if (repeat === 'once') return null;
  if (repeat === 'custom') return rule;
  const every = interval === 1 ? '' : `;INTERVAL=${interval}`;
  return `${patternOf(recurrence, startsAt)}${every}${until && `;UNTIL=${until.replaceAll('-', '')}`}`;
};

export const once: Recurrence = { repeat: 'once', interval: 1, days: [], until: '', rule: '' };

/** The plain choice that makes this rule, or `custom` where none does. */
export const recurrenceOf = (rule: string | null, startsAt: string): Recurrence => {
  if (rule === null) return once;
  const [, interval = '1'] = rule.match(/;INTERVAL=(\d+)/) ?? [];
  const [, year, month, day] = rule.match(/;UNTIL=(\d{4})(\d\d)(\d\d)$/) ?? [];
  const [, days = ''] = rule.match(/^FREQ=WEEKLY;BYDAY=([A-Z,]+)/) ?? [];
  const plain = {
    interval: Number(interval),
    until: year ? `${year}-${month}-${day}` : '',
    days: weekdays.filter((weekday) => days.split(',').includes(weekday)),
    rule,
  };
  const repeat = repeats.find(
    (choice) => choice !== 'once' && choice !== 'custom' && ruleOf({ ...plain, repeat: choice }, startsAt) === rule,
  );
  return { ...plain, repeat: repeat ?? 'custom' };
};
