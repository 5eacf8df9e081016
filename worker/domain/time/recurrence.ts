import { RRuleTemporal } from 'rrule-temporal';
import { wallTimeAt } from './wallTime.ts';

/**
 * Rules of RFC 5545 (RRULE) on wall times: the library expands them as if in UTC, so that no change of the clocks can
 * move them, and only then is each occurrence placed in its time zone (wallTime.ts).
 */

/** More often than that nobody maintains anything, and each occurrence costs time wherever windows are read. */
const maxPerDay = 24;
const maxLength = 300;
const dayMs = 86_400_000;

/** A rule that fires only later than this after its beginning counts as one that never fires. */
const firesWithinDays = 5 * 366;

const list = (item: string) => new RegExp(`^${item}(,${item})*$`);
const upTo = (max: number) => (text: string) =>
  list('-?\\d{1,3}').test(text) && text.split(',').every((n) => Number(n) !== 0 && Math.abs(Number(n)) <= max);
const below = (end: number) => (text: string) =>
  list('\\d{1,2}').test(text) && text.split(',').every((n) => Number(n) < end);
const between = (min: number, max: number) => (text: string) =>
  /^\d{1,4}$/.test(text) && Number(text) >= min && Number(text) <= max;
const weekday = '(MO|TU|WE|TH|FR|SA|SU)';

/** The parts that a rule may have, and what each accepts. */
const parts: Record<string, [fits: (text: string) => boolean, hint: string]> = {
  FREQ: [(text) => /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(text), 'DAILY, WEEKLY, MONTHLY or YEARLY'],
  INTERVAL: [between(1, 1_000), 'a whole number from 1 to 1,000'],
  COUNT: [between(1, 9_999), 'a whole number from 1 to 9,999'],
  UNTIL: [(text) => untilOf(text) !== null, 'a day such as 20261231, or a time such as 20261231T040000'],
  BYDAY: [(text) => list(`([+-]?\\d{1,2})?${weekday}`).test(text), 'days such as MO,WE or 1SU'],
  BYMONTHDAY: [upTo(31), 'days from 1 to 31, or from -31 to -1 counted from the end'],
  BYMONTH: [(text) => below(13)(text) && upTo(12)(text), 'months from 1 to 12'],
  BYYEARDAY: [upTo(366), 'days from 1 to 366, or from -366 to -1'],
  BYWEEKNO: [upTo(53), 'weeks from 1 to 53, or from -53 to -1'],
  BYSETPOS: [upTo(366), 'positions from 1 to 366, or from -366 to -1'],
  BYHOUR: [below(24), 'hours from 0 to 23'],
  BYMINUTE: [below(60), 'minutes from 0 to 59'],
  WKST: [(text) => new RegExp(`^${weekday}$`).test(text), 'a day such as MO'],
};

/**
 * As it is kept: in capitals, without `RRULE:`, blanks and a semicolon at the end, and UNTIL as a wall time, though
 * calendars write it in UTC.
 */
export const normalizeRule = (text: string, timeZone: string): string =>
  text
    .replaceAll(/\s+/g, '')
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .replace(/;$/, '')
    .replace(/UNTIL=(\d{8}T\d{6})Z/, (part, text: string) => {
      const instant = untilOf(text);
      return instant === null ? part : `UNTIL=${compact(wallTimeAt(instant, timeZone))}`;
    });

/** What is wrong with a normalized rule for a window that begins at `start` and lasts `durationMs`; null where nothing is. */
export const ruleProblem = (rule: string, start: number, durationMs: number): string | null =>
  formProblem(rule) ?? expansionProblem(rule, start, durationMs);

const formProblem = (rule: string): string | null => {
  if (rule.length > maxLength) return `A rule can have at most ${maxLength} characters.`;
  const given = rule.split(';').map((part) => part.split('='));
  for (const [name = '', value = '', ...more] of given) {
    const known = parts[name];
    if (/^EXDATE/.test(name))
      return 'A rule cannot contain EXDATE. Skip an occurrence in the list of windows, or add it to "skipped".';
    if (!known) return `A rule has parts such as FREQ=WEEKLY;BYDAY=SU; "${name.slice(0, 20)}" is not supported.`;
    if (name === 'FREQ' && /^(SECOND|MINUTE|HOUR)LY$/.test(value))
      return 'A window cannot repeat more often than daily. For several occurrences a day, use FREQ=DAILY;BYHOUR=2,14.';
    if (more.length > 0 || !known[0](value)) return `${name} takes ${known[1]}.`;
  }
  const of = new Map(given.map(([name = '', value = '']) => [name, value]));
  if (of.size < given.length) return 'A rule can contain each part only once.';
  if (!of.has('FREQ')) return 'A rule needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.';
  if (of.has('COUNT') && of.has('UNTIL')) return 'A rule can contain COUNT or UNTIL, not both.';
  if (of.has('BYSETPOS') && of.get('FREQ') === 'DAILY') return 'BYSETPOS cannot be used with DAILY.';
  const perDay = firesPerDay(rule);
  return perDay > maxPerDay ? `A window can occur at most ${maxPerDay} times a day; this rule makes ${perDay}.` : null;
};

const expansionProblem = (rule: string, start: number, durationMs: number): string | null => {
  try {
    const [first] = [40, 400, firesWithinDays].reduce<number[]>(
      (found, days) => (found.length > 0 ? found : wallStarts(rule, start, start, start + days * dayMs)),
      [],
    );
    if (first === undefined)
      return 'This rule has no occurrence within five years of the start. Check the days, the months and the end.';
    const soon = wallStarts(rule, start, first, first + Math.max(62 * dayMs, durationMs));
    const overlaps = soon.some((wall, i) => wall - (soon[i - 1] ?? -Infinity) < durationMs);
    return overlaps ? 'The occurrences overlap. Shorten the window, or repeat it less often.' : null;
  } catch (error) {
    return `This rule cannot be used: ${error instanceof Error ? error.message : 'it does not fit together'}.`;
  }
};

/** The last wall time at which the rule can fire, where it says so itself; null where it goes on, or for years. */
export const lastWallStart = (rule: string, start: number): number | null => {
  const [, until] = rule.match(/UNTIL=([^;]*)/) ?? [];
  if (until) return untilOf(until);
  const [, count] = rule.match(/COUNT=(\d+)/) ?? [];
  if (!count) return null;
  const starts = wallStarts(rule, start, start, start + firesWithinDays * dayMs);
  return starts.length === Number(count) ? (starts.at(-1) ?? null) : null;
};

/** The wall times in `[from, to]` at which a rule that begins at `start` fires, ascending. */
export const wallStarts = (rule: string, start: number, from: number, to: number): number[] => {
  const { blockMs, blocks, ...one } = parsed(rule, start);
  const [first, last] = [Math.floor(from / blockMs), Math.floor(to / blockMs)];
  if (last - first >= maxBlocks) return expanded(one.rule, from, to);
  const found: number[] = [];
  for (let block = first; block <= last; block++) {
    const known = blocks.get(block) ?? expanded(one.rule, block * blockMs, (block + 1) * blockMs - 1);
    blocks.set(block, known);
    for (const wall of known) if (from <= wall && wall <= to) found.push(wall);
  }
  if (blocks.size > maxBlocks) blocks.clear();
  return found;
};

const expanded = (rule: RRuleTemporal, from: number, to: number): number[] =>
  rule.between(new Date(from), new Date(to), true).map((occurrence) => occurrence.epochMilliseconds);

/** How often a rule can fire on a day, at most. */
export const firesPerDay = (rule: string): number =>
  ['BYHOUR', 'BYMINUTE'].reduce((count, name) => {
    const [, values] = rule.match(new RegExp(`${name}=([^;]*)`)) ?? [];
    return count * (values?.split(',').length ?? 1);
  }, 1);

interface Parsed {
  rule: RRuleTemporal;
  blockMs: number;
  /** What fires in each block, by its number: the same days are asked for again and again. */
  blocks: Map<number, number[]>;
}

/** Occurrences in a block, at most; a rule that fires daily has blocks of 48 days. */
const blockSize = 48;
const maxBlocks = 32;
const maxParsed = 300;
const known = new Map<string, Parsed>();

/** Parsing takes several times as long as expanding a month. */
const parsed = (rule: string, start: number): Parsed => {
  const key = `DTSTART:${compact(start)}Z\nRRULE:${withUntil(rule)}`;
  const found = known.get(key);
  if (found) return found;
  const [oldest] = known.keys();
  if (known.size >= maxParsed && oldest !== undefined) known.delete(oldest);
  const made = {
    rule: new RRuleTemporal({ rruleString: key, strict: true, cache: false }),
    blockMs: Math.floor(blockSize / firesPerDay(rule)) * dayMs,
    blocks: new Map(),
  };
  known.set(key, made);
  return made;
};

/** The end is a wall time as well, and a day means all of it. */
const withUntil = (rule: string) =>
  rule.replace(/UNTIL=([^;]*)/, (part, text: string) => {
    const until = untilOf(text);
    return until === null ? part : `UNTIL=${compact(until)}Z`;
  });

const untilOf = (text: string): number | null => {
  const [, year, month, day, , hour = '23', minute = '59', second = '59'] =
    text.match(/^(\d{4})(\d\d)(\d\d)(T(\d\d)(\d\d)(\d\d))?$/) ?? [];
  const wall = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(wall) || new Date(wall).getUTCDate() !== Number(day) ? null : wall;
};

const compact = (wall: number) => new Date(wall).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
