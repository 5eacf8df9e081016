import { maintenanceEnd } from '../domain/maintenance.ts';
import { maintenanceSpans, occurrences } from '../domain/maintenanceWindow.ts';
import type { Span } from '../domain/uptime.ts';
import { readWindows } from './readMaintenance.ts';

/** A window as visitors read it: its title is public. */
export interface PublicMaintenance extends Span {
  title: string;
  /** `number` of each monitor of the page that it holds. */
  monitors: number[];
}

const announcedMs = 7 * 86_400_000;
const maxAnnounced = 20;

/** Until when each monitor is in maintenance just now, and what is planned for the next seven days, in its order. */
export const readPublicMaintenance = async (d1: D1Database, monitors: readonly number[], now: number) => {
  const period = { from: now, to: now + announcedMs };
  const windows = await readWindows(d1, monitors, period);
  const held = Map.groupBy(
    [...windows].flatMap(([number, own]) => own.map((window) => ({ number, window }))),
    ({ window }) => window,
  );
  const planned: PublicMaintenance[] = [...held]
    .flatMap(([window, holding]) =>
      occurrences(window, period.from, period.to).map((span) => ({
        ...span,
        title: window.title,
        monitors: holding.map(({ number }) => number),
      })),
    )
    .sort((a, b) => a.from - b.from);
  return {
    planned: planned.slice(0, maxAnnounced),
    until: new Map(
      [...windows].map(([number, own]) => [number, maintenanceEnd(maintenanceSpans(own, now, now + 1), now)]),
    ),
  };
};
