import type { OnCallNowView, OnCallPersonView, OnCallScheduleView, ShiftView } from '../../contract/views.ts';
import type { ScheduleRow } from '../../db/onCall/onCall.ts';
import { listPeople } from '../../db/onCall/people.ts';
import { type OnCallNow, onCallNow, type Shift } from '../../domain/onCall/onCall.ts';
import { toIsoTime, toIsoTimeOrNull } from '../../domain/time/toIsoTime.ts';
import type { Services } from '../../services.ts';

/** Names of the team's people, by id. */
export type Names = ReadonlyMap<string, string>;

export const readNames = async ({ db }: Services, teamId: string): Promise<Names> =>
  new Map((await listPeople(db, teamId)).map(({ id, name }) => [id, name]));

const toPersonView = (id: string, names: Names): OnCallPersonView => ({ id, name: names.get(id) ?? null });
const toPersonOrNull = (id: string | null, names: Names) => (id === null ? null : toPersonView(id, names));

export const toShiftView = ({ from, to, personId }: Shift, names: Names): ShiftView => ({
  from: toIsoTime(from),
  to: toIsoTime(to),
  person: toPersonOrNull(personId, names),
});

export const toNowView = ({ personId, until, next }: OnCallNow, names: Names): OnCallNowView => ({
  person: toPersonOrNull(personId, names),
  until: toIsoTimeOrNull(until),
  next: next && {
    person: toPersonOrNull(next.personId, names),
    from: toIsoTime(next.from),
    to: toIsoTimeOrNull(next.to),
  },
});

const calendarPath = ({ id, feedKey }: ScheduleRow) => `/calendars/${id}/${feedKey}.ics`;

const toScheduleView = (
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
      return { id, person: toPersonView(personId, names), from: toIsoTime(from), to: toIsoTime(to) };
    }),
  now: toNowView(onCallNow(row, now), names),
  calendarUrl: `${origin}${calendarPath(row)}`,
  createdAt: toIsoTime(row.createdAt),
  updatedAt: toIsoTime(row.updatedAt),
});

/** Schedules of one team, with the names of its people in one query for all of them. */
export const readScheduleViews = async (
  services: Services,
  teamId: string,
  rows: readonly ScheduleRow[],
): Promise<OnCallScheduleView[]> => {
  const around = {
    names: await readNames(services, teamId),
    now: services.now(),
    origin: services.config.publicOrigin,
  };
  return rows.map((row) => toScheduleView(row, around));
};

export const readScheduleView = async (services: Services, row: ScheduleRow): Promise<OnCallScheduleView> =>
  (await readScheduleViews(services, row.teamId, [row]))[0] as OnCallScheduleView;
