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
