/**
 * Times as a clock on the wall shows them, `2026-11-21T02:00`, and what they are in a time zone. In calculations a wall
 * time is the ms that it would be in UTC. Offsets come from the time zone database of the runtime (Intl).
 */

const dayMs = 86_400_000;

/** Whether it is a name of the time zone database, such as Europe/Berlin, and not an offset. */
export const isTimeZone = (name: string): boolean => {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** Null where it is none, also for days that no calendar has. */
export const parseWallTime = (text: string): number | null => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return null;
  const wall = Date.parse(`${text}Z`);
  return Number.isNaN(wall) || formatWallTime(wall) !== text ? null : wall;
};

/** To the minute; what is below is cut off. */
export const formatWallTime = (wall: number): string => new Date(wall).toISOString().slice(0, 16);

/** What the clocks of the zone show at an instant (ms since the epoch). */
export const wallTimeAt = (instant: number, timeZone: string): number => instant + offsetMs(instant, timeZone);

/**
 * The instant at which the clocks of the zone show this. Where they show it twice (autumn) it is the first time; where
 * they skip it (spring) it is later by as much as they skip, as RFC 5545 has it in section 3.3.5.
 */
export const instantOf = (wall: number, timeZone: string): number => {
  const days = Math.floor(wall / dayMs);
  const before = offsetOfDay(days - 1, timeZone);
  const after = offsetOfDay(days + 2, timeZone);
  if (before === after) return wall - before;
  const shown = [wall - before, wall - after].filter((instant) => wallTimeAt(instant, timeZone) === wall);
  return shown.length > 0 ? Math.min(...shown) : wall - before;
};

/**
 * The wall times between which everything begins that begins in `[from, to]`: exactly the clocks' own, and two days more
 * where they change nearby.
 */
export const wallRange = (from: number, to: number, timeZone: string): { from: number; to: number } => ({
  from: wallTimeAt(from, timeZone) - slackAt(from, timeZone),
  to: wallTimeAt(to, timeZone) + slackAt(to, timeZone),
});

const slackAt = (instant: number, timeZone: string): number => {
  const day = Math.floor(instant / dayMs);
  return offsetOfDay(day - 2, timeZone) === offsetOfDay(day + 3, timeZone) ? 0 : 2 * dayMs;
};

const offsetMs = (instant: number, timeZone: string): number => {
  const day = Math.floor(instant / dayMs);
  const offset = offsetOfDay(day, timeZone);
  return offset === offsetOfDay(day + 1, timeZone) ? offset : askedOffset(instant, zoneOf(timeZone));
};

/** At the beginning of a day of UTC. Between two weeks that begin alike, all days are like them. */
const offsetOfDay = (day: number, timeZone: string): number => {
  const zone = zoneOf(timeZone);
  const week = Math.floor(day / 7) * 7;
  const offset = keptOffset(week, zone);
  return offset === keptOffset(week + 7, zone) ? offset : keptOffset(day, zone);
};

/** Kept, because occurrences share their days and asking Intl is what costs. */
const keptOffset = (day: number, zone: Zone): number => {
  const known = zone.offsets.get(day);
  if (known !== undefined) return known;
  if (zone.offsets.size >= maxDays) zone.offsets.clear();
  const offset = askedOffset(day * dayMs, zone);
  zone.offsets.set(day, offset);
  return offset;
};

const askedOffset = (instant: number, { format }: Zone): number => {
  const whole = Math.floor(instant / 1000) * 1000;
  const part = Object.fromEntries(
    format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  // Date.UTC takes the years before 100 for those of the last century.
  const shown = new Date(0);
  shown.setUTCFullYear(part.year, part.month - 1, part.day);
  return shown.setUTCHours(part.hour, part.minute, part.second) - whole;
};

interface Zone {
  format: Intl.DateTimeFormat;
  /** By days since the epoch. */
  offsets: Map<number, number>;
}

const maxZones = 100;
const maxDays = 1_000;
const zones = new Map<string, Zone>();

/** Making a format takes longer than using it a hundred times. Names can be spelled in many ways, so few are kept. */
const zoneOf = (timeZone: string): Zone => {
  const known = zones.get(timeZone);
  if (known) return known;
  const [oldest] = zones.keys();
  if (zones.size >= maxZones && oldest !== undefined) zones.delete(oldest);
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { ...numeric, second: 'numeric', hourCycle: 'h23', timeZone });
  const zone = { format, offsets: new Map<number, number>() };
  zones.set(timeZone, zone);
  return zone;
};
