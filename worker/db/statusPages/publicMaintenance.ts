import type { Span } from '../../domain/history/uptime.ts';
import { firstOccurrences, isCovered } from '../../domain/maintenance/maintenanceOccurrences.ts';
import { occurrences } from '../../domain/maintenance/maintenanceWindow.ts';
import type { MonitorWindow } from '../maintenance/readMaintenance.ts';

/** A window for visitors: its title is public. */
export interface PublicMaintenance extends Span {
  title: string;
  /** `number` of each monitor of the page that it covers. */
  monitors: number[];
}

const announcedMs = 7 * 86_400_000;
const maxAnnounced = 20;

/** The period of the windows to read. */
export const announcedSpan = ({ since, now }: { since: number; now: number }): Span => ({
  from: since,
  to: now + announcedMs,
});

/** Until when each monitor is in maintenance, the plan of the next seven days, in its order, and the past. */
export const publicMaintenanceOf = (windows: ReadonlyMap<number, MonitorWindow[]>, now: number) => {
  const held = Map.groupBy(
    [...windows].flatMap(([number, own]) => own.map((window) => ({ number, window }))),
    ({ window }) => window,
  );
  const numbersOf = (window: MonitorWindow) => (held.get(window) ?? []).map(({ number }) => number);
  const all = [...held.keys()];
  const { found } = firstOccurrences(all, { from: now, to: now + announcedMs }, maxAnnounced);
  const ends = new Map(all.map((window) => [window, occurrences(window, now, now + 1).map(({ to }) => to)]));
  return {
    planned: found.map(
      ({ window, ...span }): PublicMaintenance => ({ ...span, title: window.title, monitors: numbersOf(window) }),
    ),
    until: new Map(
      [...windows].map(([number, own]) => [number, latest(own.flatMap((window) => ends.get(window) ?? []))]),
    ),
    /** Whether a monitor was in maintenance all the time. */
    wasHeld: (number: number, span: Span) => isCovered(windows.get(number) ?? [], span),
  };
};

const latest = (times: readonly number[]) => (times.length > 0 ? Math.max(...times) : null);
