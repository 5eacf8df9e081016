import { daySeconds, stretchFor } from './domainLoad.ts';

/**
 * In which second of its period each monitor of a crowded domain is checked, planned over all cohorts, teams and regions,
 * so that no second has more checks of the domain than it may be sent. Times are whole seconds since the epoch.
 */

export interface Placeable {
  number: number;
  cohort: number;
  intervalSeconds: number;
  /** Seconds between two checks of one region: a multiple of the interval that divides a day. */
  period: number;
  /** How many regions check it, evenly over the period. */
  regions: number;
  /** The crowded domains that each check asks. */
  domains: readonly string[];
  /** Its second in the period as planned before; null where it has none. */
  place: number | null;
}

export interface Slot {
  period: number;
  place: number;
}

export interface DomainPlan {
  /** By number, of the monitors that had no place. The period is longer than wanted where the domain has no room for that. */
  slots: Map<number, Slot>;
  /** Checks in the fullest second of each domain. */
  peaks: Map<string, number>;
}

/** When the region at `index` of `count` checks a monitor with that place, in seconds of the period. */
export const regionPlace = (place: number, index: number, count: number, period: number): number =>
  (place + Math.floor((index * period) / count)) % period;

/**
 * Keeps the places that are given and finds one for every other; `most`: checks of one domain in a second. Where some do
 * not fit beside what has its place, their domains are planned again as a whole: departures leave gaps.
 */
export const planDomains = (monitors: readonly Placeable[], most: number): DomainPlan => {
  const kept = placeAll(monitors, most);
  const pressed = new Set([...pressedDomains(monitors, kept), ...overfull(kept, most)]);
  if (pressed.size === 0) return kept;
  const moved = monitors.map((one) => (one.domains.some((name) => pressed.has(name)) ? { ...one, place: null } : one));
  const again = placeAll(moved, most);
  const isBetter =
    overfull(again, most).length < overfull(kept, most).length || slowed(monitors, again) < slowed(monitors, kept);
  return isBetter ? again : kept;
};

const overfull = ({ peaks }: DomainPlan, most: number) =>
  [...peaks].filter(([, peak]) => peak > most).map(([domain]) => domain);

const isSlowed = ({ number, period }: Placeable, { slots }: DomainPlan) => (slots.get(number)?.period ?? 0) > period;

const slowed = (monitors: readonly Placeable[], plan: DomainPlan) =>
  monitors.filter((one) => isSlowed(one, plan)).length;

const pressedDomains = (monitors: readonly Placeable[], plan: DomainPlan) =>
  monitors.filter((one) => isSlowed(one, plan)).flatMap(({ domains }) => domains);

/** Checks per second that monitors cause on average. */
const averageOf = (monitors: readonly Placeable[]) =>
  monitors.reduce((sum, { regions, period }) => sum + regions / period, 0);

/** Greedy, short periods first, because they have the fewest places. Groups of a cohort share a second: a batch is a row. */
const placeAll = (monitors: readonly Placeable[], most: number): DomainPlan => {
  const loads = loadsOf(monitors, most);
  const slots = new Map<number, Slot>();
  let open = monitors.filter((one) => one.place === null);
  while (open.length > 0) {
    const period = open.reduce((least, one) => Math.min(least, one.period), daySeconds);
    for (const load of loads.values()) load.fold(period);
    const groups = Map.groupBy(
      open.filter((one) => one.period === period),
      (one) => `${one.cohort} ${one.regions} ${one.domains.join(' ')}`,
    );
    const left = [...groups.values()]
      .sort((a, b) => b.length - a.length)
      .flatMap((group) => placeGroup(group, loads, most, slots));
    for (const load of loads.values()) load.settle();
    open = [...open.filter((one) => one.period > period), ...left.map(slower)];
  }
  return { slots, peaks: new Map([...loads].map(([domain, load]) => [domain, load.peak()])) };
};

const loadsOf = (monitors: readonly Placeable[], most: number): Map<string, Load> => {
  const loads = new Map<string, Load>();
  for (const [domain, own] of byDomain(monitors)) {
    const load = new Load(Math.min(most, Math.max(Math.ceil(averageOf(own)), Math.ceil((most * 2) / 3))));
    for (const one of own) if (one.place !== null) load.add(one, one.place, 1);
    load.settle();
    loads.set(domain, load);
  }
  return loads;
};

/** A longer period has fewer checks and more places. */
const slower = (one: Placeable): Placeable => ({
  ...one,
  period: one.intervalSeconds * stretchFor((one.period / one.intervalSeconds) * slowerTimes, one.intervalSeconds),
});

const slowerTimes = 1.2;

const byDomain = (monitors: readonly Placeable[]): Map<string, Placeable[]> => {
  const found = new Map<string, Placeable[]>();
  for (const one of monitors)
    for (const domain of one.domains) {
      const own = found.get(domain);
      if (own) own.push(one);
      else found.set(domain, [one]);
    }
  return found;
};

/** Returns those for which no second has room. */
const placeGroup = (
  group: readonly Placeable[],
  all: ReadonlyMap<string, Load>,
  most: number,
  slots: Map<number, Slot>,
): readonly Placeable[] => {
  const [first] = group;
  if (!first) return [];
  const { period, regions } = first;
  const loads = first.domains.map((domain) => all.get(domain)).filter((load) => load !== undefined);
  const key = `${regions} ${first.domains.join(' ')}`;
  const roomAt = (second: number) => Math.min(...loads.map((load) => load.roomAt(second, regions)));
  for (let done = 0; done < group.length; ) {
    const wanted = Math.min(group.length - done, ...loads.map((load) => load.mostRoom(key)));
    const found = findRoom(period, Math.min(...loads.map((load) => load.cursor)), wanted, roomAt);
    if (found.room < wanted) for (const load of loads) load.remember(key, found.room);
    if (found.room <= 0) {
      const full = loads.filter((load) => load.isFull(most));
      // Once a day is as rare as it gets.
      if (full.length > 0 && period < daySeconds) return group.slice(done);
      for (const load of full.length > 0 ? full : loads) load.raise();
      continue;
    }
    const next = group.slice(done, done + found.room);
    for (const { number } of next) slots.set(number, { period, place: found.second });
    for (const load of loads) load.add(first, found.second, next.length);
    done += next.length;
  }
  return [];
};

/** The first second from `from` on with room for `wanted`; else the one with the most. */
const findRoom = (period: number, from: number, wanted: number, roomAt: (second: number) => number) => {
  let best = { second: 0, room: Number.NEGATIVE_INFINITY };
  for (let i = 0; i < period; i++) {
    const second = (from + i) % period;
    const room = roomAt(second);
    if (room > best.room) best = { second, room };
    if (room >= wanted) break;
  }
  return best;
};

/** How many checks of one domain there are in each second of a cycle, after which all periods begin together. */
class Load {
  #cycle = new Uint32Array(1);
  /** The most that each second of the period at hand has in any of its repetitions. */
  #folded = new Uint32Array(0);
  /** Checks that are not in the cycle yet, by period. */
  readonly #added = new Map<number, Uint32Array>();
  /** The most room that was found; there is only less of it while a period is placed. */
  readonly #rooms = new Map<string, number>();
  #level: number;
  cursor = 0;

  constructor(level: number) {
    this.#level = level;
  }

  add({ period, regions }: Pick<Placeable, 'period' | 'regions'>, second: number, count: number) {
    const added = this.#added.get(period) ?? new Uint32Array(period);
    this.#added.set(period, added);
    for (let i = 0; i < regions; i++) {
      const at = regionPlace(second % period, i, regions, period);
      added[at] = (added[at] ?? 0) + count;
      if (this.#folded.length === period) this.#folded[at] = (this.#folded[at] ?? 0) + count;
    }
    this.cursor = second;
  }

  settle() {
    for (const [period, added] of this.#added) {
      this.#extend(period);
      for (let t = 0; t < this.#cycle.length; t++) this.#cycle[t] = (this.#cycle[t] ?? 0) + (added[t % period] ?? 0);
    }
    this.#added.clear();
  }

  fold(period: number) {
    const folded = new Uint32Array(period);
    const least = leastMultiple(this.#cycle.length, period);
    for (let t = 0; t < least; t++)
      folded[t % period] = Math.max(folded[t % period] ?? 0, this.#cycle[t % this.#cycle.length] ?? 0);
    this.#folded = folded;
    this.#rooms.clear();
    this.cursor = 0;
  }

  /** For how many more monitors, each checked from so many regions. */
  roomAt(second: number, regions: number): number {
    const period = this.#folded.length;
    let most = 0;
    for (let i = 0; i < regions; i++) most = Math.max(most, this.#folded[regionPlace(second, i, regions, period)] ?? 0);
    return this.#level - most;
  }

  mostRoom(key: string): number {
    return Math.max(1, this.#rooms.get(key) ?? this.#level);
  }

  remember(key: string, room: number) {
    this.#rooms.set(key, room);
  }

  isFull(most: number): boolean {
    return this.#level >= most;
  }

  /** A check more in a second. */
  raise() {
    this.#level++;
    for (const [key, room] of this.#rooms) this.#rooms.set(key, room + 1);
  }

  peak(): number {
    return this.#cycle.reduce((most, count) => Math.max(most, count), 0);
  }

  #extend(period: number) {
    const { length } = this.#cycle;
    const cycle = new Uint32Array(leastMultiple(length, period));
    for (let t = 0; t < cycle.length; t++) cycle[t] = this.#cycle[t % length] ?? 0;
    this.#cycle = cycle;
  }
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

const leastMultiple = (a: number, b: number) => (a / divisor(a, b)) * b;
