import type { Verdict } from '../history/uptime.ts';
import { duration } from '../time/duration.ts';

/** How the time of something that is over counts, as uptime counts it: ms by verdict. */
export type CountedTime = Partial<Record<Verdict, number>>;

interface Part {
  of: Verdict[];
  /** What is said of so much time: of one unit, or of several. */
  one: string;
  many: string;
}

const parts: Part[] = [
  { of: ['down'], one: 'was observed down', many: 'were observed down' },
  { of: ['unknown'], one: 'had no data', many: 'had no data' },
  { of: ['up', 'degraded'], one: 'counted as up', many: 'counted as up' },
  { of: ['maintenance'], one: 'counted as maintenance', many: 'counted as maintenance' },
  { of: ['paused'], one: 'was paused', many: 'were paused' },
];

/**
 * How long something lasted, and what of that uptime counts as what: `5 minutes 9 seconds, of which 40 seconds were
 * observed down and 4 minutes 29 seconds had no data`. The length alone where all of it was down, or nothing is known.
 */
export const lastedText = (ms: number, counted: CountedTime | null | undefined): string => {
  const said = counted ? partsOf(counted) : [];
  if (said.length === 0 || (said.length === 1 && said[0]?.part === parts[0])) return duration(ms);
  const texts = said.map(({ part, seconds }) => {
    const text = duration(seconds * 1000);
    return `${text} ${/^1 \w+$/.test(text) ? part.one : part.many}`;
  });
  return `${duration(ms)}, of which ${listed(texts)}`;
};

/** In whole seconds that add up as the times do; what rounds to nothing is left out. */
const partsOf = (counted: CountedTime): { part: Part; seconds: number }[] => {
  let endMs = 0;
  return parts.flatMap((part) => {
    const startSeconds = Math.round(endMs / 1000);
    endMs += part.of.reduce((sum, verdict) => sum + (counted[verdict] ?? 0), 0);
    const seconds = Math.round(endMs / 1000) - startSeconds;
    return seconds > 0 ? [{ part, seconds }] : [];
  });
};

const listed = (texts: readonly string[]) =>
  texts.length < 2 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
