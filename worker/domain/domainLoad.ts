/**
 * How the requests that a registrable domain may be sent are shared: between regular checks and those out of turn, and
 * between the teams that have it checked. Loads are whole checks per hour, which every interval divides.
 */

/** Regular checks never take the last quarter of a domain's requests, and those out of turn have it in any case. */
const outOfTurnShare = 0.25;

/** What regular checks of one domain may take, in checks per hour, where it is sent `perSecond` requests. */
export const regularBudget = (perSecond: number) => perSecond * 3_600 * (1 - outOfTurnShare);

/** From this load (checks per hour) on, regular checks leave less to those out of turn. */
export const noticedLoad = (perSecond: number) => perSecond * 3_600 * outOfTurnShare;

/**
 * A team may wait for so much of what nobody waits for yet. Each team that asks for more than there is so holds as much of
 * the line as the others, and gets as many turns; one that asks for little always finds room. Of `n` such teams the line
 * is at most `n / (n + 3)` full. https://doi.org/10.1109/90.664262 (dynamic thresholds)
 */
export const waitingShare = 1 / 3;

/**
 * The level at which teams share a budget: who needs less than it has what it needs, and nobody gets more. Infinite where
 * all needs fit. https://en.wikipedia.org/wiki/Max-min_fairness
 */
export const fairLevel = (needs: readonly number[], budget: number): number => {
  const ascending = needs.toSorted((a, b) => a - b);
  let left = budget;
  for (const [i, need] of ascending.entries()) {
    const level = left / (ascending.length - i);
    if (need > level) return level;
    left -= need;
  }
  return Number.POSITIVE_INFINITY;
};

/** Of how many slots each team's monitors are checked in one, so that all together stay within the budget. */
export const stretchesFor = (needs: readonly number[], budget: number): number[] => {
  const level = fairLevel(needs, budget);
  return needs.map((need) => (need > level ? Math.ceil(need / level) : 1));
};

/** What a stretched monitor's regions look at together, so that few batches are nearly empty and none is a burst. */
const groupSize = 8;

/** Multiples of it are spread evenly, whatever their distance. https://en.wikipedia.org/wiki/Low-discrepancy_sequence */
const goldenRatio = 0.618_033_988_749_895;

/**
 * Whether a stretched monitor is checked in this round of its cohort: in one of `stretch`, at another time than its
 * neighbours. Its regions follow each other evenly over the stretched interval.
 */
export const isChecked = (
  { number, stretch }: { number: number; stretch: number },
  round: number,
  region: { index: number; count: number },
): boolean => {
  if (stretch === 1) return true;
  const place = (Math.floor(number / groupSize) * goldenRatio) % 1;
  const phase = Math.floor(place * stretch) + Math.floor((region.index * stretch) / region.count);
  return (round + phase) % stretch === 0;
};

/** Long intervals need no more time than this to spread a cohort, s. */
const spreadWithin = 60;

/**
 * Monitors of a cohort that are due in one second, by how long after it they are checked. A domain that has more than
 * `perSecond` of them is asked by so many at a time, evenly over the interval; all others at once. In the order in which
 * they are given, so that each keeps its place while the cohort does not change.
 */
export const spreadOver = <M extends { domain: string | null }>(
  due: readonly M[],
  perSecond: number,
  intervalSeconds: number,
): { afterSeconds: number; members: M[] }[] => {
  if (due.length <= perSecond) return due.length > 0 ? [{ afterSeconds: 0, members: [...due] }] : [];
  const counts = new Map<string, number>();
  for (const { domain } of due) if (domain !== null) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  const seen = new Map<string, number>();
  const afterSeconds = ({ domain }: M): number => {
    const steps = domain === null ? 1 : Math.ceil((counts.get(domain) ?? 0) / perSecond);
    if (domain === null || steps === 1) return 0;
    const place = seen.get(domain) ?? 0;
    seen.set(domain, place + 1);
    const seconds = Math.min(intervalSeconds, Math.max(spreadWithin, steps));
    return Math.floor((Math.floor(place / perSecond) * seconds) / steps);
  };
  return [...Map.groupBy(due, afterSeconds)].map(([after, members]) => ({ afterSeconds: after, members }));
};
