import type { Layer, OnCallSchedule } from './onCallSchedule.ts';
import { instantOf, parseWallTime, wallTimeAt } from './wallTime.ts';
import { weeklyHoursEnd, weeklySpans } from './weeklyHours.ts';

/** Times are ms since the epoch. */
export interface Shift {
  from: number;
  to: number;
  /** Null in a gap, in which nobody is on call. */
  personId: string | null;
}

const hourMs = 3_600_000;
const hoursOf = { hours: 1, days: 24, weeks: 168 } as const;

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

/**
 * Who is on call in `[from, to)`: ascending, without holes and overlaps, gaps as shifts of nobody. Shifts of the same
 * person that touch are one.
 */
export const shifts = (schedule: OnCallSchedule, from: number, to: number): Shift[] => {
  const list: Shift[] = [];
  const edges = edgesBetween(schedule, from, to);
  edges.forEach((edge, i) => {
    const end = edges[i + 1] ?? to;
    if (edge >= end) return;
    const personId = whoIsOnCall(schedule, edge);
    const last = list.at(-1);
    if (last?.personId === personId) last.to = end;
    else list.push({ from: edge, to: end, personId });
  });
  return list;
};

/** The times in `[from, to)` in which nobody is on call. */
export const gaps = (schedule: OnCallSchedule, from: number, to: number): Shift[] =>
  shifts(schedule, from, to).filter(({ personId }) => personId === null);

/** Who is on call, and what comes then. A time is null where it lies more than a year ahead, or never comes. */
export interface OnCallNow {
  personId: string | null;
  until: number | null;
  next: { personId: string | null; from: number; to: number | null } | null;
}

const maxAheadMs = 366 * 24 * hourMs;

/** Most shifts last a day or a week: a year is looked at only where the end of the next shift is not found before. */
export const onCallNow = (schedule: OnCallSchedule, at: number, aheadMs = 48 * hourMs): OnCallNow => {
  const [now, next, after] = shifts(schedule, at, at + aheadMs);
  if (!after && aheadMs < maxAheadMs) return onCallNow(schedule, at, Math.min(aheadMs * 8, maxAheadMs));
  return {
    personId: now?.personId ?? null,
    until: next?.from ?? null,
    next: next ? { personId: next.personId, from: next.from, to: after?.from ?? null } : null,
  };
};

const whoseTurn = (layer: Layer, timeZone: string, at: number): string | null => {
  const turn = turnAt(layer, timeZone, at);
  if (turn < 0) return null;
  if (layer.hours.length > 0 && weeklyHoursEnd(layer.hours, timeZone, at) === null) return null;
  return layer.participants[turn % layer.participants.length] ?? null;
};

/**
 * When turn number `turn` (from 0) begins. It is counted on the clocks of the zone, so that a handover at 09:00 stays at
 * 09:00 when they change, and that turn lasts an hour more or less.
 */
const handover = ({ startsAt, rotation }: Layer, timeZone: string, turn: number): number =>
  instantOf((parseWallTime(startsAt) ?? 0) + turn * rotation.count * hoursOf[rotation.unit] * hourMs, timeZone);

/** The turn that goes on at `at`; negative before the first. */
const turnAt = (layer: Layer, timeZone: string, at: number): number => {
  const { startsAt, rotation } = layer;
  const passed = wallTimeAt(at, timeZone) - (parseWallTime(startsAt) ?? 0);
  let turn = Math.floor(passed / (rotation.count * hoursOf[rotation.unit] * hourMs));
  // Clocks that show a time twice, or not at all, are off by no more than what they were changed by.
  while (handover(layer, timeZone, turn) > at) turn--;
  while (handover(layer, timeZone, turn + 1) <= at) turn++;
  return turn;
};

/** Whenever somebody else may come on call in `[from, to)`, `from` included; ascending. */
const edgesBetween = ({ timeZone, layers, overrides }: OnCallSchedule, from: number, to: number): number[] => {
  const edges = overrides.flatMap((override) => [override.from, override.to]);
  for (const layer of layers) {
    // Whoever is alone hands over to nobody else.
    const lastTurn = layer.participants.length > 1 ? Infinity : 0;
    for (let turn = Math.max(0, turnAt(layer, timeZone, from)); turn <= lastTurn; turn++) {
      const at = handover(layer, timeZone, turn);
      if (at >= to) break;
      edges.push(at);
    }
    for (const span of weeklySpans(layer.hours, timeZone, from, to)) edges.push(span.from, span.to);
  }
  const within = edges.filter((at) => from < at && at < to);
  return [...new Set([from, ...within])].sort((a, b) => a - b);
};
