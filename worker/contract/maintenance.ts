/** One time that a maintenance window holds. */
export interface OccurrenceView {
  windowId: string;
  title: string;
  from: string;
  to: string;
}

export interface MaintenanceWindowView {
  id: string;
  title: string;
  /** Of the first occurrence, as the clocks of `timeZone` show it: `2026-11-21T02:00`. */
  startsAt: string;
  endsAt: string;
  timeZone: string;
  /** RFC 5545; null: once. */
  rrule: string | null;
  /** Occurrences that are left out and would not be over yet; `startsAt` is on the clocks of `timeZone`. */
  skipped: { startsAt: string; from: string; to: string }[];
  monitorIds: string[];
  tags: string[];
  allMonitors: boolean;
  state: 'upcoming' | 'running' | 'over';
  /** The occurrence that is running. */
  current: { from: string; to: string } | null;
  /** The first that has not begun. */
  next: { from: string; to: string } | null;
  createdAt: string;
  updatedAt: string;
}

export interface MaintenancePreview {
  timeZone: string;
  /** The next five. */
  occurrences: { from: string; to: string }[];
}
