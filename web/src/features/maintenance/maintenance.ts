import type { MonitorListItem, OccurrenceView } from '../../../../worker/contract/views.ts';

type Planned = Partial<Pick<MonitorListItem, 'maintenance' | 'nextMaintenance'>> & Pick<MonitorListItem, 'verdict'>;

const holds = (occurrence: OccurrenceView | null | undefined, now: number): boolean =>
  !!occurrence && Date.parse(occurrence.from) <= now && now < Date.parse(occurrence.to);

/** The window that holds a monitor at `now`: windows begin and end without a word of the API. A paused monitor is paused. */
export const maintenanceAt = (
  { verdict, maintenance, nextMaintenance }: Planned,
  now: number,
): OccurrenceView | null => {
  if (verdict === 'paused') return null;
  return [maintenance, nextMaintenance].find((one) => holds(one, now)) ?? null;
};

export const inMaintenance = (monitor: Planned, now: number): boolean => maintenanceAt(monitor, now) !== null;
