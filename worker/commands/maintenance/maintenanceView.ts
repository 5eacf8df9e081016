import type { MaintenanceWindowView, OccurrenceView } from '../../contract/views.ts';
import type { MaintenanceRow } from '../../db/maintenance/maintenanceRows.ts';
import type { Occurrence } from '../../db/maintenance/readMaintenance.ts';
import type { Span } from '../../domain/history/uptime.ts';
import { endsAtOf, nextOccurrences, skippedAfter } from '../../domain/maintenance/maintenanceWindow.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';

export const toSpanView = ({ from, to }: Span) => ({
  from: toIsoTime(from),
  to: toIsoTime(to),
});

export const toOccurrenceView = ({ windowId, title, ...span }: Occurrence): OccurrenceView => ({
  windowId,
  title,
  ...toSpanView(span),
});

export const toMaintenanceView = (row: MaintenanceRow, now: number): MaintenanceWindowView => {
  const soon = nextOccurrences(row, now, 2);
  const current = soon.find((span) => span.from <= now);
  const next = soon.find((span) => span.from > now);
  return {
    id: row.id,
    title: row.title,
    startsAt: row.startsAt,
    endsAt: endsAtOf(row),
    timeZone: row.timeZone,
    rrule: row.rrule,
    skipped: skippedAfter(row, now).map(({ startsAt, ...span }) => ({ startsAt, ...toSpanView(span) })),
    monitorIds: row.monitorIds,
    tags: row.tags,
    allMonitors: row.allMonitors,
    state: row.effectiveUntil !== null && row.effectiveUntil <= now ? 'over' : current ? 'running' : 'upcoming',
    current: current ? toSpanView(current) : null,
    next: next ? toSpanView(next) : null,
    createdAt: toIsoTime(row.createdAt),
    updatedAt: toIsoTime(row.updatedAt),
  };
};
