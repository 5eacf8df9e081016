import { duration, timeUnits } from '../../../worker/domain/time/duration.ts';
import { dateFormat } from './dates.ts';

/** The format of times, durations and numbers. Times are shown in the viewer's zone. */

export { duration };

const exact = dateFormat({
  dateStyle: 'medium',
  timeStyle: 'long',
});
const clock = dateFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minutes = dateFormat({ hour: '2-digit', minute: '2-digit' });
const dayAndTime = dateFormat({
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

const zone = dateFormat({ timeZoneName: 'short' });

/** The viewer's time zone as it is called at `now`: `CEST`, `GMT+2`. */
export const zoneName = (now: number) =>
  zone.formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ?? '';

/** With the zone's name: for titles and tables. */
export const exactTime = (iso: string) => exact.format(new Date(iso));

/** The time of day, with the day in front of it when that was not today. */
export const shortTime = (iso: string, now: number) => {
  const date = new Date(iso);
  return date.toDateString() === new Date(now).toDateString() ? clock.format(date) : dayAndTime.format(date);
};

/** Like `shortTime`, without seconds. */
export const minuteTime = (iso: string, now: number) => {
  const date = new Date(iso);
  return date.toDateString() === new Date(now).toDateString() ? minutes.format(date) : dayAndTime.format(date);
};

/** `just now`, `40 seconds ago`, `3 hours ago`. */
export const ago = (iso: string, now: number): string => {
  const seconds = Math.round((now - Date.parse(iso)) / 1000);
  if (seconds < 5) return 'just now';
  const [name, size] = timeUnits.find(([, unit]) => seconds >= unit) ?? ['second', 1];
  const count = Math.floor(seconds / size);
  return `${count} ${name}${count === 1 ? '' : 's'} ago`;
};

/** `84 ms`, `1.24 s`. */
export const latency = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`);

/** The same, and a dash where there is none. */
export const latencyOrDash = (ms: number | null): string => (ms === null ? '–' : latency(ms));

/** Floors to two decimals, so that an outage never displays as 100 %. */
export const percent = (value: number | null): string =>
  value === null ? '–' : `${value === 100 ? '100' : (Math.floor(value * 100) / 100).toFixed(2)} %`;

/** `every 30 seconds`, `every 5 minutes`, `every hour`, `every 1 minute 15 seconds`. */
export const everyText = (seconds: number): string => {
  const [name, size] = timeUnits.find(([, unit]) => seconds >= unit) ?? ['second', 1];
  const count = seconds / size;
  if (!Number.isInteger(count)) return `every ${duration(seconds * 1000)}`;
  return count === 1 ? `every ${name}` : `every ${count} ${name}s`;
};

/** The address without its scheme, as it is recognised at a glance. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);
