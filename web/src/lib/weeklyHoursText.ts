import type { WeeklyHours } from '../../../worker/domain/time/weeklyHours.ts';

type Weekday = WeeklyHours['days'][number];

/** In the usual order of the days of a week. */
export const weekFromMonday: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export const dayLabels: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

const short = (day: Weekday) => dayLabels[day].slice(0, 3);

/** `Mon–Fri`, `Sat, Sun`, `daily`. */
const daysText = (days: readonly Weekday[]): string => {
  const chosen = weekFromMonday.filter((day) => days.includes(day));
  const [first, last] = [chosen[0], chosen.at(-1)];
  if (!first || !last) return '';
  if (chosen.length === weekFromMonday.length) return 'daily';
  const isRow = weekFromMonday.indexOf(last) - weekFromMonday.indexOf(first) === chosen.length - 1;
  return isRow && chosen.length > 2 ? `${short(first)}–${short(last)}` : chosen.map(short).join(', ');
};

/** `Mon–Fri 22:00–07:00, Sun 00:00–24:00` */
export const weeklyHoursText = (hours: readonly WeeklyHours[]): string =>
  hours
    .map(({ days, from, to }) => `${daysText(days)} ${from}–${from === '00:00' && to === '00:00' ? '24:00' : to}`)
    .join(', ');
