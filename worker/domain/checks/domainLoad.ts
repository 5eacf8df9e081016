/**
 * How the requests to a registrable domain are shared: between regular and on-demand checks, and between the teams that have
 * it checked. Loads are whole checks per hour, which every interval divides.
 */

/** Regular checks never take the last quarter of a domain's requests, which is reserved for on-demand checks. */
const onDemandShare = 0.25;

/** Most regular checks of one domain in any second; its checks are planned where it has more monitors. */
export const mostPerSecond = (perSecond: number) => Math.max(1, Math.floor(perSecond * (1 - onDemandShare)));

/** Different intervals do not fill every second to the brim (domain/checks/domainPlan.ts). */
const filledShare = 0.9;

/** The limit on regular checks of one domain, in checks per hour, where it gets `perSecond` requests. */
export const regularBudget = (perSecond: number) =>
  3_600 * filledShare * Math.min(mostPerSecond(perSecond), perSecond * (1 - onDemandShare));

/** From this load (checks per hour) on, regular checks leave less to on-demand checks. */
export const noticedLoad = (perSecond: number) => perSecond * 3_600 * onDemandShare;

/** What is noted for a domain of which so many regular checks can meet in one second, checks per hour. */
export const notedLoad = (inOneSecond: number, perSecond: number) =>
  inOneSecond <= perSecond * onDemandShare
    ? 0
    : Math.ceil(3_600 * Math.min(inOneSecond, perSecond * (1 - onDemandShare)));

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

/** How many times its interval each team has to leave between two checks, so that all stay within the budget; 1 or more. */
export const slowdownsFor = (needs: readonly number[], budget: number): number[] => {
  const level = fairLevel(needs, budget);
  return needs.map((need) => Math.max(1, need / level));
};

/** Plans repeat after a day, so each period divides it. */
export const daySeconds = 86_400;

/** Up to this period only few are used, so that they leave few gaps between them: powers of two, and three times these. */
const manyFrom = 3_600;

const isOneOfFew = (stretch: number) => {
  const odd = stretch / (stretch & -stretch);
  return odd === 1 || odd === 3;
};

/**
 * The number of slots per check of a monitor, so that at least `slowdown` intervals pass between two checks: its period
 * divides a day, and is a day at most.
 */
export const stretchFor = (slowdown: number, intervalSeconds: number): number => {
  const most = daySeconds / intervalSeconds;
  for (let stretch = Math.ceil(slowdown); stretch < most; stretch++)
    if (most % stretch === 0 && (isOneOfFew(stretch) || stretch * intervalSeconds >= manyFrom)) return stretch;
  return most;
};

const goldenRatio = 0.618_033_988_749_895;

/** Where a monitor stands in its period (s) that no plan has placed yet. https://en.wikipedia.org/wiki/Low-discrepancy_sequence */
export const provisionalPlace = (number: number, periodSeconds: number): number =>
  Math.floor(((number * goldenRatio) % 1) * periodSeconds);

/** A raised value stays for this long: otherwise one team's frequent changes would rewrite the monitors of others each minute. */
const lowerAfterMs = 600_000;

interface Stretched {
  intervalSeconds: number;
  stretch: number;
  /** When its checks were put to other times last, ms. */
  stretchedAt: number;
}

/** Whether a monitor may be checked more often again, or leave the plan. */
export const mayRelax = ({ stretchedAt }: Pick<Stretched, 'stretchedAt'>, now: number): boolean =>
  now - stretchedAt >= lowerAfterMs;

/**
 * The stretch on the way to the one that fits. Each change shifts the checks, so it is raised again only after a whole
 * stretched interval, in which the monitor was checked: a load that grows each minute would put its check off each minute.
 */
export const stretchAfter = (monitor: Stretched, fitting: number, now: number): number => {
  const { intervalSeconds, stretch, stretchedAt } = monitor;
  // It was taken over from a monitor with another interval.
  if (daySeconds % (intervalSeconds * stretch) !== 0) return fitting;
  const mayRise = stretch === 1 || now - stretchedAt >= 1_000 * intervalSeconds * stretch;
  return (fitting > stretch && mayRise) || (fitting < stretch && mayRelax(monitor, now)) ? fitting : stretch;
};
