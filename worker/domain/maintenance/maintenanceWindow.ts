import type { Span } from '../history/uptime.ts';
import { lastWallStart, normalizeRule, ruleProblem, wallStarts } from '../time/recurrence.ts';
import { formatWallTime, instantOf, parseWallTime, wallRange, wallTimeAt } from '../time/wallTime.ts';
import { mergeSpans } from './maintenance.ts';
import type { MaintenanceInput } from './maintenanceSchema.ts';

const dayMs = 86_400_000;
const maxDays = 30;

/** When a window counts. Its end is a wall time too: "02:00 to 04:00" ends at 04:00 on every day. */
export interface WindowTimes {
  startsAt: string;
  timeZone: string;
  /** From start to end on the wall. */
  durationSeconds: number;
  rrule: string | null;
  /** Local starts of cancelled occurrences. */
  skipped: string[];
  /** Only what lies in between counts, ms; null: without end. */
  effectiveFrom: number;
  effectiveUntil: number | null;
}

/** The end of the first occurrence, as the clocks of its zone show it. */
export const endsAtOf = ({ startsAt, durationSeconds }: Pick<WindowTimes, 'startsAt' | 'durationSeconds'>): string =>
  formatWallTime((parseWallTime(startsAt) ?? 0) + durationSeconds * 1000);

/** What somebody asked for as it is kept, counting from `now` on. Makes sense only without `windowProblems`. */
export const windowTimes = (
  { startsAt, endsAt, timeZone, rrule, skipped }: MaintenanceInput,
  now: number,
): WindowTimes => {
  const start = parseWallTime(startsAt) ?? Number.NaN;
  const end = parseWallTime(endsAt) ?? Number.NaN;
  const rule = rrule === null || rrule.trim() === '' ? null : normalizeRule(rrule, timeZone);
  const times = { startsAt, timeZone, durationSeconds: (end - start) / 1000, rrule: rule, skipped, effectiveFrom: now };
  const last = rule === null ? start : lastWallStart(rule, start);
  return { ...times, effectiveUntil: last === null ? null : placed(last, end - start, timeZone).to };
};

/** What does not fit together, by field. */
export const windowProblems = (input: MaintenanceInput, now: number): { path: string; message: string }[] => {
  const { startsAt, endsAt, timeZone, rrule, skipped, monitorIds, tags, allMonitors } = input;
  const start = parseWallTime(startsAt) ?? Number.NaN;
  const durationMs = (parseWallTime(endsAt) ?? Number.NaN) - start;
  const none = monitorIds.length === 0 && tags.length === 0 && !allMonitors;
  const problems = none ? [{ path: 'monitorIds', message: 'Choose monitors, tags, or all monitors.' }] : [];
  if (!(durationMs > 0)) return [...problems, { path: 'endsAt', message: 'The window ends before it starts.' }];
  if (durationMs > maxDays * dayMs)
    return [
      ...problems,
      { path: 'endsAt', message: `A window can last at most ${maxDays} days. Pause the monitors instead.` },
    ];
  const rule = rrule?.trim() ? normalizeRule(rrule, timeZone) : null;
  const broken = rule === null ? null : ruleProblem(rule, start, durationMs);
  if (broken) return [...problems, { path: 'rrule', message: broken }];
  const times = windowTimes(input, now);
  if (times.effectiveUntil !== null && times.effectiveUntil <= now) {
    const message = 'This window has ended. Reclassify past time on the page of each monitor.';
    return [...problems, { path: rule === null ? 'endsAt' : 'rrule', message }];
  }
  const unknown = skipped.find((time) => !startsThen(times, time));
  if (unknown !== undefined)
    return [...problems, { path: 'skipped', message: `No occurrence starts at ${unknown}, so it cannot be skipped.` }];
  if (skipped.length > 0 && nextOccurrences(times, now, 1).length === 0)
    return [
      ...problems,
      { path: 'skipped', message: 'No future occurrence would be left. Delete the window instead.' },
    ];
  if (nextOccurrences(times, now, 1).length === 0)
    return [...problems, { path: 'startsAt', message: 'Choose a date within the next five years.' }];
  return problems;
};

/**
 * The occurrences of which some part lies in `[from, to)`, ascending and whole, as far as the window is in effect. In
 * the hour that clocks skip two of them may overlap.
 */
export const occurrences = (window: WindowTimes, from: number, to: number): Span[] => {
  const start = parseWallTime(window.startsAt);
  if (start === null || to <= from) return [];
  const durationMs = window.durationSeconds * 1000;
  const begins = Math.max(from, window.effectiveFrom);
  const ends = Math.min(to, window.effectiveUntil ?? Infinity);
  if (ends <= begins) return [];
  const { from: first, to: last } = wallRange(begins, ends, window.timeZone);
  const walls = window.rrule === null ? [start] : wallStarts(window.rrule, start, first - durationMs, last);
  const skipped = new Set(window.skipped);
  return walls
    .filter((wall) => skipped.size === 0 || !skipped.has(formatWallTime(wall)))
    .map((wall) => placed(wall, durationMs, window.timeZone))
    .filter((span) => span.from < ends && span.to > begins)
    .map((span) => ({
      from: Math.max(span.from, window.effectiveFrom),
      to: Math.min(span.to, window.effectiveUntil ?? Infinity),
    }))
    .sort((a, b) => a.from - b.from);
};

/** Whether an occurrence starts then, cancelled or not. */
const startsThen = ({ startsAt, rrule }: Pick<WindowTimes, 'startsAt' | 'rrule'>, time: string): boolean => {
  const [start, wall] = [parseWallTime(startsAt), parseWallTime(time)];
  if (start === null || wall === null) return false;
  return rrule === null ? wall === start : wallStarts(rrule, start, wall, wall).length > 0;
};

/** The local start of the occurrence that begins at `from` (ms), cancelled or not; null where none does. */
export const wallStartAt = ({ startsAt, timeZone, rrule }: WindowTimes, from: number): string | null => {
  const start = parseWallTime(startsAt);
  if (start === null) return null;
  const near = wallTimeAt(from, timeZone);
  const walls = rrule === null ? [start] : wallStarts(rrule, start, near - dayMs, near + dayMs);
  const wall = walls.find((one) => instantOf(one, timeZone) === from);
  return wall === undefined ? null : formatWallTime(wall);
};

/** Of what was left out, what the times as they are now would hold again and is not over: the rest needs no keeping. */
export const stillSkipped = (input: MaintenanceInput, now: number): string[] => {
  if (windowProblems({ ...input, skipped: [] }, now).length > 0) return [];
  const times = windowTimes(input, now);
  return input.skipped.filter((time) => startsThen(times, time) && spanOf(times, time).to > now);
};

/** The cancelled occurrences that would not be over at `now`. */
export const skippedAfter = (window: WindowTimes, now: number): (Span & { startsAt: string })[] =>
  window.skipped.map((time) => ({ startsAt: time, ...spanOf(window, time) })).filter(({ to }) => to > now);

const spanOf = ({ durationSeconds, timeZone }: WindowTimes, time: string): Span =>
  placed(parseWallTime(time) ?? 0, durationSeconds * 1000, timeZone);

/** An occurrence that clocks skip from its start to its end, or almost, lasts as long as it was to last. */
const placed = (wall: number, durationMs: number, timeZone: string): Span => {
  const from = instantOf(wall, timeZone);
  const to = instantOf(wall + durationMs, timeZone);
  return { from, to: to > from ? to : from + durationMs };
};

interface Kept {
  at: number;
  count: number;
  spans: Span[];
}

const maxKept = 500;
const kept = new Map<string, Kept>();

/** Whether what was found then is what would be found now. */
const stillHolds = ({ at, spans }: Kept, now: number) =>
  at <= now && now < at + dayMs && spans.every(({ to }) => now < to);

/**
 * The running occurrence and those that follow, at most `count`, of the next five years. Kept until the first is over:
 * every list of monitors asks, and a rule that seldom fires takes long to look through.
 */
export const nextOccurrences = (window: WindowTimes, now: number, count: number): Span[] => {
  const key = JSON.stringify([
    ...[window.startsAt, window.timeZone, window.durationSeconds, window.rrule],
    ...[window.skipped, window.effectiveFrom, window.effectiveUntil],
  ]);
  const known = kept.get(key);
  if (known && known.count >= count && stillHolds(known, now)) return known.spans.slice(0, count);
  const spans = [3, 40, 400, 1_830].reduce<Span[]>(
    (found, days) => (found.length < count ? occurrences(window, now, now + days * dayMs).slice(0, count) : found),
    [],
  );
  kept.delete(key);
  const [oldest] = kept.keys();
  if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest);
  kept.set(key, { at: now, count, spans });
  return spans;
};

/** When these windows hold in `[from, to)`: whole spans, ascending and disjoint. */
export const maintenanceSpans = (windows: readonly WindowTimes[], from: number, to: number): Span[] =>
  mergeSpans(windows.flatMap((window) => occurrences(window, from, to)));
