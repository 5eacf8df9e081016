import type { Health } from './outcome.ts';
import { type Region, regions } from './region.ts';

/** A check as a small chart shows it. */
export interface RecentCheck {
  region: Region;
  outcome: Health | 'unknown';
  /** Whether the target gave a status; without one the latency is not that of an answer. */
  answered: boolean;
  latencyMs: number;
  /** When it was due, ms since the epoch. */
  at: number;
}

const letters = { up: 'U', degraded: 'G', down: 'D', unknown: 'N' } as const;
const outcomes = Object.keys(letters) as RecentCheck['outcome'][];

const base = 36;

/**
 * Checks in the order of their time as `<time>` and then per check `<outcome><region>[!]<latency>[.<step>]`: the time of
 * the first in ms since the epoch; U up, G degraded, D down or N unknown; the region's place in the list of regions, from
 * 0; `!` where nothing answered; ms of latency; ms since the check before, where that is another step than the one before.
 * Numbers are in base 36. Empty without checks.
 */
export const packChecks = (checks: readonly RecentCheck[]): string => {
  const [first] = checks;
  if (!first) return '';
  let before = first.at;
  let step = 0;
  const packed = checks.map(({ region, outcome, answered, latencyMs, at }) => {
    const steps = at - before === step ? '' : `.${(at - before).toString(base)}`;
    step = at - before;
    before = at;
    const latency = Math.max(0, Math.round(latencyMs)).toString(base);
    return `${letters[outcome]}${regions.indexOf(region)}${answered ? '' : '!'}${latency}${steps}`;
  });
  return first.at.toString(base) + packed.join('');
};

const pattern = /([UGDN])(\d)(!?)([0-9a-z]+)(?:\.(-?[0-9a-z]+))?/g;

/** The inverse of `packChecks`; unknown regions are dropped. */
export const unpackChecks = (packed: string): RecentCheck[] => {
  // Not parsed as a whole: capital letters are digits as well.
  let at = Number.parseInt(packed.match(/^[0-9a-z]+/)?.[0] ?? '0', base);
  let step = 0;
  return [...packed.matchAll(pattern)].flatMap(([, letter = '', place, mark, latency = '', steps]) => {
    if (steps !== undefined) step = Number.parseInt(steps, base);
    at += step;
    const region = regions[Number(place)];
    const outcome = outcomes.find((one) => letters[one] === letter);
    if (!region || !outcome) return [];
    return [{ region, outcome, answered: mark === '', latencyMs: Number.parseInt(latency, base), at }];
  });
};
