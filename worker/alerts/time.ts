const formats = new Map<string, Intl.DateTimeFormat>();

/** A zone that is not known is no reason to lose an alert: it is told in UTC. */
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

const units: [name: string, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** The two largest units: `2 hours 5 minutes`, `40 seconds`. */
export const durationText = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return 'less than a second';
  let rest = seconds;
  return units
    .slice(first, first + 2)
    .map(([name, size]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count === 0 ? '' : `${count} ${name}${count === 1 ? '' : 's'}`;
    })
    .filter(Boolean)
    .join(' ');
};
