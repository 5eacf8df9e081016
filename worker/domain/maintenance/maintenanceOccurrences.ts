import type { Span } from '../history/uptime.ts';
import { firesPerDay } from '../time/recurrence.ts';
import { occurrences, type WindowTimes } from './maintenanceWindow.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface NamedWindow extends WindowTimes {
  id: string;
}

export interface OccurrenceOf<Window> extends Span {
  window: Window;
}

interface Found<Window> {
  found: OccurrenceOf<Window>[];
  /** Windows asked and occurrences expanded: what the answer cost, whatever the machine. */
  steps: number;
}

/**
 * The first `limit` occurrences of `[from, to)`, by their start and the id of their window, after the one that `after`
 * names. Expands about as much as it answers: the period grows from the front until enough is found.
 */
export const firstOccurrences = <Window extends NamedWindow>(
  windows: readonly Window[],
  { from, to }: Span,
  limit: number,
  after: { from: number; id: string } | null = null,
): Found<Window> => {
  const found: OccurrenceOf<Window>[] = [];
  let steps = 0;
  let begin = after ? Math.max(from, after.from) : from;
  for (let length = firstLength(windows, limit); begin < to && found.length < limit; length *= 4) {
    const end = Math.min(to, begin + length);
    const isFirst = found.length === 0 && steps === 0;
    const some = windows.flatMap((window) =>
      occurrences(window, begin, end).map(({ from, to }) => ({ from, to, window })),
    );
    steps += windows.length + some.length;
    // What runs into a part of the period was found in the part before it.
    const begun = isFirst ? some : some.filter((one) => one.from >= begin);
    found.push(...begun.filter((one) => !after || isBehind(one, after)).sort(inOrder));
    begin = end;
  }
  return { found: found.slice(0, limit), steps };
};

const inOrder = (a: OccurrenceOf<NamedWindow>, b: OccurrenceOf<NamedWindow>) =>
  a.from - b.from || (a.window.id < b.window.id ? -1 : 1);

const isBehind = ({ from, window }: OccurrenceOf<NamedWindow>, after: { from: number; id: string }) =>
  from > after.from || (from === after.from && window.id > after.id);

/** In which `limit` occurrences are to be expected, where none of the rules leaves days out. */
const firstLength = (windows: readonly WindowTimes[], limit: number): number => {
  const perDay = windows.reduce((sum, { rrule }) => sum + (rrule === null ? 0 : firesPerDay(rrule)), 0);
  return Math.max(hourMs, perDay === 0 ? 31 * dayMs : (limit / perDay) * dayMs);
};

const maxLinks = 200;

/** Whether some window holds at each moment of `[from, to]`. Of a cover of more than 200 windows in a row it says no. */
export const isCovered = (windows: readonly WindowTimes[], { from, to }: Span): boolean => {
  let reached = from;
  for (let links = 0; links < maxLinks; links++) {
    const ends = windows.flatMap((window) => occurrences(window, reached, reached + 1).map((span) => span.to));
    const end = Math.max(reached, ...ends);
    if (end === reached) return false;
    if (end >= to) return true;
    reached = end;
  }
  return false;
};
