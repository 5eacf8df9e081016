import { dateFormat } from './dates.ts';

/** Times as the clocks of a chosen zone show them: maintenance is set and announced in the team's. */

interface Style extends Intl.DateTimeFormatOptions {
  timeZone: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const formatOf = (style: Style) => {
  const key = JSON.stringify(style);
  const known = formats.get(key) ?? dateFormat(style);
  formats.set(key, known);
  return known;
};

const at = (iso: string, style: Style) => formatOf(style).format(new Date(iso));

const time = { hour: '2-digit', minute: '2-digit' } as const;
const day = { weekday: 'short', day: 'numeric', month: 'short' } as const;

/** `04:00` */
export const zonedTime = (iso: string, timeZone: string) => at(iso, { ...time, timeZone });

/** `Sun, 22 Nov` */
export const zonedDay = (iso: string, timeZone: string) => at(iso, { ...day, timeZone });

/** `2026-11-22`: which day it is there. */
export const zonedDate = (iso: string, timeZone: string): string => {
  const style = { year: 'numeric', month: '2-digit', day: '2-digit', timeZone } as const;
  const part = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', style).formatToParts(new Date(iso)).map(({ type, value }) => [type, value]),
  );
  return `${part.year}-${part.month}-${part.day}`;
};

const isThisYear = (iso: string, timeZone: string, now: number) =>
  zonedDate(iso, timeZone).slice(0, 4) === zonedDate(new Date(now).toISOString(), timeZone).slice(0, 4);

/** `Sun, 22 Nov, 02:00`, with the year where it is not this one. */
export const zonedMoment = (iso: string, timeZone: string, now: number): string =>
  at(iso, { ...day, ...(isThisYear(iso, timeZone, now) ? {} : { year: 'numeric' }), ...time, timeZone });

/** `Sun, 22 Nov, 02:00 – 04:00`, with the day of the end where that is another; with the year where it is not this one. */
export const zonedSpan = ({ from, to }: { from: string; to: string }, timeZone: string, now: number): string => {
  const begin = zonedMoment(from, timeZone, now);
  const isSameDay = zonedDate(from, timeZone) === zonedDate(to, timeZone);
  return `${begin} – ${isSameDay ? zonedTime(to, timeZone) : at(to, { ...day, ...time, timeZone })}`;
};

/** `07:00`, or with the day where that is another there: `Mon, 23 Nov, 07:00`. Times are ms since the epoch. */
export const zonedUntil = (until: number, timeZone: string, now: number): string => {
  const [end, today] = [new Date(until).toISOString(), new Date(now).toISOString()];
  const isToday = zonedDate(end, timeZone) === zonedDate(today, timeZone);
  return isToday ? zonedTime(end, timeZone) : at(end, { ...day, ...time, timeZone });
};

/** Other names of UTC, which has no offset to show. */
const isUtc = (timeZone: string) => /^(?:Etc\/)?(?:UTC|UCT|Zulu|Universal|GMT[+-]?0?|Greenwich)$/i.test(timeZone);

/** `America/New_York` → `America/New York`. */
export const zoneLabel = (timeZone: string): string => (isUtc(timeZone) ? 'UTC' : timeZone.replaceAll('_', ' '));

/** `Europe/Berlin` → `Europe/Berlin (GMT+1)`, `UTC` → `UTC`. */
export const zoneText = (timeZone: string, now: number): string => {
  if (isUtc(timeZone)) return 'UTC';
  const parts = formatOf({ timeZone, timeZoneName: 'shortOffset' }).formatToParts(now);
  const offset = parts.find((part) => part.type === 'timeZoneName')?.value.replace(/^GMT[+-]0$/, 'GMT');
  return offset && offset !== timeZone ? `${zoneLabel(timeZone)} (${offset})` : zoneLabel(timeZone);
};

/** The time zones of the browser, with UTC and the chosen one. */
export const timeZones = (chosen: string): string[] =>
  [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), chosen])].sort();
