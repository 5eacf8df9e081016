import type { Region } from '../checks/region.ts';
import type { ChoosableEvent } from '../escalation/escalationPolicy.ts';
import { type Advisory, advisories } from './advisory.ts';
import { type AlertEvent, advisoryHoldMs, alertFor } from './alerts.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import { regionalProblem } from './condition.ts';
import type { Suppression } from './explanation.ts';
import { lastSeenIn } from './freshness.ts';
import { refusedEverywhere } from './refusals.ts';
import { type MonitorState, shownOf } from './state.ts';
import { suppressionOf } from './suppression.ts';

/**
 * Advisories: folded beside the state machine (domain/verdict/machine.ts), which reports outages. As
 * there, what people were told last is compared with what holds now. At most one problem is told at a time, and an outage
 * takes its place.
 */

/** Times are ms since the epoch. */
interface Sighting {
  since: number;
  /** When that was noticed; null while it holds. */
  goneSince: number | null;
  /** Of what is gone: its last moment, where that was another one. */
  endedAt?: number;
  /** Of silence: when something was heard last, as it was known then. */
  lastSeenAt?: number;
}

export interface AdvisoryState {
  seen: Partial<Record<Advisory, Sighting>>;
  /** What people were told, and not yet that it is over. */
  notified: Advisory | null;
}

export const noAdvisories: AdvisoryState = { seen: {}, notified: null };

/** What the problems of a monitor are told by: its state as it is by now, and what people chose to hear of. */
export interface Watched {
  machine: MonitorState;
  policy: CheckPolicy;
  events: readonly ChoosableEvent[];
}

export type AdvisoryEffect =
  | { change: 'began'; problem: Advisory; since: number; at: number }
  | { change: 'ended'; problem: Advisory; endedAt: number; at: number };

/** Folds what holds at `now`; the effect is what people are to be told then. */
export const watchAdvisories = (
  state: AdvisoryState,
  watched: Watched,
  now: number,
): [AdvisoryState, AdvisoryEffect | null] => {
  // An outage that people know of is the one story that there is.
  if (watched.machine.notified !== 'up') return [noAdvisories, null];
  const next = look(state, watched, now);
  const due = dueOf(next, watched, now);
  if (!due || suppressionOf(due.event, watched.machine, watched.policy, now)) return [next, null];
  const { current } = due;
  const notified = { ...next, notified: current };
  if (current !== null)
    return [notified, { change: 'began', problem: current, since: next.seen[current]?.since ?? now, at: now }];
  const { [due.event]: ended, ...seen } = next.seen;
  const endedAt = ended?.endedAt ?? ended?.goneSince ?? now;
  return [look({ ...notified, seen }, watched, now), { change: 'ended', problem: due.event, endedAt, at: now }];
};

/** What people would be told at `now`, and why they are not; null where nothing is held back. */
export const suppressedAdvisory = (
  state: AdvisoryState,
  watched: Watched,
  now: number,
): { event: AlertEvent | Advisory; because: Suppression } | null => {
  const due = dueOf(look(state, watched, now), watched, now);
  const because = due && suppressionOf(due.event, watched.machine, watched.policy, now);
  return due && because ? { event: due.current ?? 'up', because } : null;
};

/** Whether something is to be told at `now`, though it may be suppressed. */
export const isAdvisoryDue = (state: AdvisoryState, watched: Watched, now: number): boolean =>
  watched.machine.notified === 'up' && dueOf(look(state, watched, now), watched, now) !== null;

/**
 * When time must be folded again if nothing else happens before; null where it need not. That somebody wants to hear of a
 * problem may be known only then.
 */
export const advisoryWakeAt = (state: AdvisoryState, watched: Watched, now: number): number | null => {
  const holds = advisories.flatMap((problem) => {
    const sighting = state.seen[problem];
    if (!sighting) return [];
    const { since, goneSince } = sighting;
    if (problem === state.notified) return goneSince === null ? [] : [goneSince + advisoryHoldMs];
    return goneSince === null ? [since + advisoryHoldMs] : [];
  });
  const times = [...holds, suppressedAdvisory(state, watched, now)?.because.until ?? 0].filter((at) => at > now);
  return times.length > 0 ? Math.min(...times) : null;
};

/**
 * `event` is the problem that is told, or the one whose end is (then `current` is null). Nothing while an outage is to be
 * told, or is about to be.
 */
const dueOf = (
  { seen, notified }: AdvisoryState,
  { machine, events }: Watched,
  now: number,
): { current: Advisory | null; event: Advisory } | null => {
  if (alertFor(machine.notified, machine) || machine.holding?.to === 'down') return null;
  const isOn = (problem: Advisory) => {
    const sighting = seen[problem];
    if (!sighting) return false;
    const { since, goneSince } = sighting;
    if (problem === notified) return goneSince === null || now < goneSince + advisoryHoldMs;
    return goneSince === null && now >= since + advisoryHoldMs && events.includes(problem);
  };
  const on = advisories.filter(isOn);
  // One that nobody wants to hear of any more goes on only where it hides no other.
  const current = on.find((problem) => events.includes(problem)) ?? on[0] ?? null;
  const event = current ?? notified;
  return current === notified || event === null ? null : { current, event };
};

/** What has been gone for long enough is forgotten, unless people still have to hear of its end. */
const look = ({ seen, notified }: AdvisoryState, watched: Watched, now: number): AdvisoryState => {
  const found = problemsOf(watched);
  const next: AdvisoryState['seen'] = {};
  for (const problem of advisories) {
    const before = seen[problem];
    const isOver = (before?.goneSince ?? now) + advisoryHoldMs <= now && problem !== notified;
    const kept = isOver ? undefined : before;
    const since = found[problem];
    if (typeof since === 'number') next[problem] = sightingOf(problem, since, kept, notified);
    else if (kept) next[problem] = since === null && kept.goneSince === null ? gone(problem, kept, watched, now) : kept;
  }
  return { seen: next, notified };
};

/** A silence ended with the first outcome of the verdict that followed. */
const gone = (problem: Advisory, sighting: Sighting, { machine }: Watched, now: number): Sighting => ({
  ...sighting,
  goneSince: now,
  ...(problem === 'unknown' ? { endedAt: Math.max(sighting.since, Math.min(now, machine.since)) } : {}),
});

/**
 * Silence is never one with a silence before: what was heard in between would be denied. Anything else that comes and goes
 * within the hold is one problem.
 */
const sightingOf = (
  problem: Advisory,
  since: number,
  before: Sighting | undefined,
  notified: Advisory | null,
): Sighting => {
  if (problem !== 'unknown') return { since: before?.since ?? since, goneSince: null };
  // People know of the one before, and are notified of its end first, which is due before this one can be.
  if (notified === 'unknown' && before && before.goneSince !== null) return before;
  const lastSeenAt = Math.max(since, before?.lastSeenAt ?? 0);
  const goesOn = before?.goneSince === null && (notified === 'unknown' || since <= (before.lastSeenAt ?? since));
  return { since: goesOn ? before.since : since, goneSince: null, lastSeenAt };
};

/** Since when each problem holds; null where it does not, and left out where nobody can tell just now. */
const problemsOf = ({ machine, policy }: Watched): Partial<Record<Advisory, number | null>> => {
  const { verdict, standing, since, stoodAt, isFlapping } = machine;
  if (standing === null) {
    // Nothing was ever heard, and the owner can change that.
    const refusal = refusedEverywhere(machine, policy);
    return refusal ? { unknown: refusal.at } : {};
  }
  // Of a region that was heard in between, and not often enough to change the verdict, people are not told otherwise.
  if (verdict === 'unknown') return { unknown: Math.max(since, lastSeenOf(machine, policy) ?? 0) };
  if (standing === 'down' || isFlapping) return { unknown: null };
  // What an outage leaves behind has to last by itself.
  const degraded = verdict === 'degraded' ? Math.max(since, stoodAt) : null;
  return { unknown: null, degraded, regional: regionalSince(machine, policy) };
};

/** When any region was heard last, where none is heard now; null otherwise. */
export const lastSeenOf = (machine: MonitorState, { regions, distrusted }: CheckPolicy): number | null => {
  const own = regions.filter((region) => !distrusted.includes(region));
  const isReporting = own.some((region) => machine.regions[region]?.isStale === false);
  const at = lastSeenIn(machine, [...own]);
  return isReporting || at === 0 ? null : at;
};

/** As the dashboard shows it. */
const regionalSince = (machine: MonitorState, { regions, distrusted }: CheckPolicy): number | null => {
  const { verdict, regionHealth } = shownOf(machine);
  const problem = regionalProblem({ verdict, regions, regionHealth }, distrusted);
  const sinceOf = (region: Region) => machine.regions[region]?.since ?? machine.since;
  return problem && Math.max(machine.stoodAt, Math.min(...problem.failing.map(sinceOf)));
};
