import type { Span } from '../history/uptime.ts';
import { instantOf, parseWallTime, wallTimeAt } from '../time/wallTime.ts';
import { hoursWithin } from '../time/weeklyHours.ts';
import type { Layer, OnCallSchedule } from './onCallSchedule.ts';

/** Times are ms since the epoch. */
export interface Shift {
  from: number;
  to: number;
  /** Null in a gap, in which nobody is on call. */
  personId: string | null;
}

/** `steps` counts the turns, hours and overrides that were looked at: what the answer cost, whatever the machine. */
interface Expansion {
  shifts: Shift[];
  steps: number;
}

const hourMs = 3_600_000;
const hoursOf = { hours: 1, days: 24, weeks: 168 } as const;

/**
 * Who is on call in `[from, to)`: ascending, without holes and overlaps, gaps as shifts of nobody. Shifts of the same
 * person that touch are one. What comes first covers what is below, so each layer is only expanded where it shows.
 */
export const expandShifts = ({ timeZone, layers, overrides }: OnCallSchedule, from: number, to: number): Expansion => {
  let open: Span[] = from < to ? [{ from, to }] : [];
  let steps = 0;
  const taken: Shift[] = [];
  const take = (shifts: readonly Shift[]) => {
    for (const shift of shifts) taken.push(shift);
    open = without(open, shifts);
  };
  for (const override of overrides.toReversed()) {
    const shown = open.flatMap((span) => common(span, override));
    steps += 1 + shown.length;
    if (shown.length > 0) take(shown.map((span) => ({ ...span, personId: override.personId })));
  }
  for (const layer of layers.toReversed()) {
    if (open.length === 0) break;
    const within = layer.hours.length > 0 ? hoursWithin(layer.hours, timeZone, open) : { spans: open, steps: 0 };
    const turns = turnsOf(layer, timeZone);
    const shown = within.spans.flatMap((span) => turnsWithin(turns, span));
    steps += within.steps + within.spans.length + shown.length;
    take(shown);
  }
  return { shifts: joined([...taken, ...open.map((span) => ({ ...span, personId: null }))]), steps };
};

const common = (a: Span, b: Span): Span[] => {
  const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
  return from < to ? [{ from, to }] : [];
};

/** What is left of `spans`; both ascending and disjoint, and each of `parts` within one of them. */
const without = (spans: readonly Span[], parts: readonly Span[]): Span[] => {
  const left: Span[] = [];
  let i = 0;
  for (const { from, to } of spans) {
    let reached = from;
    for (let part = parts[i]; part && part.from < to; part = parts[++i]) {
      if (part.from > reached) left.push({ from: reached, to: part.from });
      reached = part.to;
    }
    if (reached < to) left.push({ from: reached, to });
  }
  return left;
};

const joined = (shifts: Shift[]): Shift[] => {
  const list: Shift[] = [];
  for (const shift of shifts.sort((a, b) => a.from - b.from)) {
    const last = list.at(-1);
    if (last?.personId === shift.personId) last.to = shift.to;
    else list.push({ ...shift });
  }
  return list;
};

/** A layer whose turns can be counted. */
export interface Turns {
  participants: readonly string[];
  timeZone: string;
  /** The first handover, on the wall. */
  start: number;
  turnMs: number;
}

export const turnsOf = ({ participants, startsAt, rotation }: Layer, timeZone: string): Turns => ({
  participants,
  timeZone,
  start: parseWallTime(startsAt) ?? 0,
  turnMs: rotation.count * hoursOf[rotation.unit] * hourMs,
});

/** Without regard to the hours of the layer; turns of the same person that follow on one another are one. */
const turnsWithin = (turns: Turns, { from, to }: Span): Shift[] => {
  const list: Shift[] = [];
  for (let at = Math.max(from, handover(turns, 0)); at < to; ) {
    const turn = turnAt(turns, at);
    const next = nextHandover(turns, turn);
    // Clocks that skip a day place later turns before earlier ones.
    const end = Math.min(to, next > at ? next : handover(turns, turn + 1));
    list.push({ from: at, to: end, personId: participantOf(turns, turn) });
    at = end;
  }
  return list;
};

export const participantOf = ({ participants }: Turns, turn: number): string | null =>
  participants[turn % participants.length] ?? null;

/** When somebody else takes over; Infinity where nobody ever does. */
const nextHandover = (turns: Turns, turn: number): number => {
  for (let ahead = 1; ahead < turns.participants.length; ahead++)
    if (participantOf(turns, turn + ahead) !== participantOf(turns, turn)) return handover(turns, turn + ahead);
  return Number.POSITIVE_INFINITY;
};

/**
 * When turn number `turn` (from 0) begins. It is counted on the clocks of the zone, so that a handover at 09:00 stays at
 * 09:00 when they change, and that turn lasts an hour more or less.
 */
const handover = ({ start, turnMs, timeZone }: Turns, turn: number): number =>
  instantOf(start + turn * turnMs, timeZone);

/** The turn that goes on at `at`; negative before the first. */
export const turnAt = (turns: Turns, at: number): number => {
  let turn = Math.floor((wallTimeAt(at, turns.timeZone) - turns.start) / turns.turnMs);
  // Clocks that show a time twice, or not at all, are off by no more than what they were changed by.
  while (handover(turns, turn) > at) turn--;
  while (handover(turns, turn + 1) <= at) turn++;
  return turn;
};
