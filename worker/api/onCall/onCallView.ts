import type { OnCallNowView, OnCallPersonView, OnCallScheduleView, ShiftView } from '../../contract/views.ts';
import type { ScheduleRow } from '../../db/onCall/onCall.ts';
import { type OnCallNow, onCallNow, type Shift } from '../../domain/onCall/onCall.ts';
import { isoTime, isoTimeOrNull } from '../http/fields.ts';

/** Names of the team's people, by id. */
export type Names = ReadonlyMap<string, string>;

const toPersonView = (id: string, names: Names): OnCallPersonView => ({ id, name: names.get(id) ?? null });
const toPersonOrNull = (id: string | null, names: Names) => (id === null ? null : toPersonView(id, names));

export const toShiftView = ({ from, to, personId }: Shift, names: Names): ShiftView => ({
  from: isoTime(from),
  to: isoTime(to),
  person: toPersonOrNull(personId, names),
});

export const toNowView = ({ personId, until, next }: OnCallNow, names: Names): OnCallNowView => ({
  person: toPersonOrNull(personId, names),
  until: isoTimeOrNull(until),
  next: next && {
    person: toPersonOrNull(next.personId, names),
    from: isoTime(next.from),
    to: isoTimeOrNull(next.to),
  },
});

export const calendarPath = ({ id, feedKey }: ScheduleRow) => `/calendars/${id}/${feedKey}.ics`;

export const toScheduleView = (
  row: ScheduleRow,
  { names, now, origin }: { names: Names; now: number; origin: string },
): OnCallScheduleView => ({
  id: row.id,
  name: row.name,
  timeZone: row.timeZone,
  layers: row.layers,
  overrides: row.overrides
    .filter(({ to }) => to > now)
    .map(({ id, personId, from, to }) => {
      return { id, person: toPersonView(personId, names), from: isoTime(from), to: isoTime(to) };
    }),
  now: toNowView(onCallNow(row, now), names),
  calendarUrl: `${origin}${calendarPath(row)}`,
  createdAt: isoTime(row.createdAt),
  updatedAt: isoTime(row.updatedAt),
});
