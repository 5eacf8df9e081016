const formats = new Map<string, Intl.DateTimeFormat>();

/** An unknown time zone must not lose an alert: times are shown in UTC. */
const formatFor = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'shortOffset',
      timeZone,
    });
    formats.set(timeZone, format);
    return format;
  } catch {
    return formatFor('UTC');
  }
};

/**
 * `21 Nov 2026, 03:12 GMT+1 (Europe/Berlin)`, `21 Nov 2026, 02:12 UTC`: with the offset, because an hour comes twice
 * when summer time ends.
 */
export const timeText = (at: number, timeZone: string): string => {
  const format = formatFor(timeZone);
  const text = format.format(at);
  return format.resolvedOptions().timeZone === 'UTC' ? text.replace(/GMT\S*$/, 'UTC') : `${text} (${timeZone})`;
};

/** `03:12` on the day of `now`, else `20 Nov 2026, 23:55`: for times beside one that names its zone. */
export const clockText = (at: number, now: number, timeZone: string): string => {
  const [day, clock] = partsOf(at, timeZone);
  return day === partsOf(now, timeZone)[0] ? clock : `${day}, ${clock}`;
};

const partsOf = (at: number, timeZone: string): [day: string, clock: string] => {
  const [day = '', rest = ''] = formatFor(timeZone).format(at).split(', ');
  return [day, rest.replace(/\s.*$/, '')];
};
