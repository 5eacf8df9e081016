import { weeklyHoursEnd } from '../time/weeklyHours.ts';
import type { Layer, OnCallSchedule } from './onCallSchedule.ts';
import { expandShifts, participantOf, type Shift, turnAt, turnsOf } from './onCallShifts.ts';

export type { Shift } from './onCallShifts.ts';

const dayMs = 86_400_000;

/** The override that was made last comes first, then the layers from the last; null where nobody is on call. */
export const whoIsOnCall = ({ timeZone, layers, overrides }: OnCallSchedule, at: number): string | null => {
  const override = overrides.findLast(({ from, to }) => from <= at && at < to);
  if (override) return override.personId;
  for (const layer of layers.toReversed()) {
    const personId = whoseTurn(layer, timeZone, at);
    if (personId !== null) return personId;
  }
  return null;
};

const whoseTurn = (layer: Layer, timeZone: string, at: number): string | null => {
  const turns = turnsOf(layer, timeZone);
  const turn = turnAt(turns, at);
  if (turn < 0) return null;
  if (layer.hours.length > 0 && weeklyHoursEnd(layer.hours, timeZone, at) === null) return null;
  return participantOf(turns, turn);
};

/** All shifts in `[from, to)` (onCallShifts.ts). For spans of days; what comes from outside is paged (`shiftPage`). */
export const shifts = (schedule: OnCallSchedule, from: number, to: number): Shift[] =>
  expandShifts(schedule, from, to).shifts;

/** The times in `[from, to)` in which nobody is on call. */
export const gaps = (schedule: OnCallSchedule, from: number, to: number): Shift[] =>
  shifts(schedule, from, to).filter(({ personId }) => personId === null);

export interface ShiftPage {
  shifts: Shift[];
  /** Where the shift that comes next begins; null where nothing of the period is left. */
  next: number | null;
  /** What it cost (onCallShifts.ts). */
  steps: number;
}

const chunkMs = 7 * dayMs;

/** The first `limit` shifts of `[from, to)`, whole up to `to`. A week at a time, so that what is not answered costs little. */
export const shiftPage = (schedule: OnCallSchedule, from: number, to: number, limit: number): ShiftPage => {
  const list: Shift[] = [];
  let steps = 0;
  for (let begin = from; begin < to && list.length <= limit; begin += chunkMs) {
    const chunk = expandShifts(schedule, begin, Math.min(to, begin + chunkMs));
    steps += chunk.steps;
    append(list, chunk.shifts);
  }
  return { shifts: list.slice(0, limit), next: list[limit]?.from ?? null, steps };
};

const append = (list: Shift[], more: readonly Shift[]) => {
  const [first, ...rest] = more;
  const last = list.at(-1);
  if (last && first && last.personId === first.personId) {
    last.to = first.to;
    list.push(...rest);
  } else list.push(...more);
};

/** Who is on call, and what comes then. A time is null where it lies more than a year ahead, or never comes. */
export interface OnCallNow {
  personId: string | null;
  until: number | null;
  next: { personId: string | null; from: number; to: number | null } | null;
}

const maxAheadMs = 366 * dayMs;
/** Of a schedule that would take more, what lies further ahead is not said. */
const maxSteps = 20_000;

/** Most shifts last a day or a week: further ahead is looked only where the end of the next shift is not found before. */
export const onCallNow = (schedule: OnCallSchedule, at: number): OnCallNow => {
  const list: Shift[] = [];
  let steps = 0;
  for (let from = at, ahead = 2 * dayMs; list.length < 3 && from < at + maxAheadMs && steps < maxSteps; ahead *= 4) {
    const to = Math.min(at + maxAheadMs, from + ahead);
    const chunk = expandShifts(schedule, from, to);
    steps += chunk.steps;
    append(list, chunk.shifts);
    from = to;
  }
  const [now, next, after] = list;
  return {
    personId: now?.personId ?? null,
    until: next?.from ?? null,
    next: next ? { personId: next.personId, from: next.from, to: after?.from ?? null } : null,
  };
};
