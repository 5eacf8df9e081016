import type { Span } from './uptime.ts';

export const inMaintenance = (windows: readonly Span[], at: number): boolean =>
  windows.some(({ from, to }) => from <= at && at < to);

/** End of the window that holds `at`; null outside of all. */
export const maintenanceEnd = (windows: readonly Span[], at: number): number | null =>
  windows.find(({ from, to }) => from <= at && at < to)?.to ?? null;
