export const timeUnits: [name: string, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** The largest unit, and the next one where it still matters: `2 hours 5 minutes`, `40 seconds`. */
export const duration = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const first = timeUnits.findIndex(([, size]) => seconds >= size);
  if (first === -1) return 'a moment';
  const parts: string[] = [];
  let rest = seconds;
  for (const [name, size] of timeUnits.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.join(' ');
};
