import type { Uptime24h } from '../db/history/uptime.ts';
import { partOfPeriod, type Verdict } from '../domain/history/uptime.ts';

export const verdictLabels: Record<Verdict, string> = {
  up: 'Operational',
  degraded: 'Slow',
  down: 'Down',
  unknown: 'Unknown',
  paused: 'Paused',
  maintenance: 'Maintenance',
};

/** Percent for display: `99.982 %`, with the share of data where it is incomplete. Floored values stay floored. */
export const uptimeLabels = ({ percent, observedMs }: Uptime24h) => {
  if (percent === null) return 'Last 24 hours: no data yet';
  const part = partOfPeriod(observedMs, 86_400_000);
  return `Last 24 hours: ${percent} % uptime${part ? ` (${part} of data)` : ''}`;
};

const dateTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** `21 Nov 2026, 05:06 UTC` */
export const timeWords = (at: number) => `${dateTime.format(at)} UTC`;

/** `14:05 UTC`. */
export const clockWords = (at: number) => `${new Date(at).toISOString().slice(11, 16)} UTC`;

/** The two largest units: `2 d 3 h`, `1 h 12 min`, `4 min`, `45 s`. */
export const durationWords = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return 'less than a second';
  return parts
    .slice(first, seconds < 60 ? first + 1 : Math.min(first + 2, 3))
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
};
