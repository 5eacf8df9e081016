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
 * Advisories: folded beside the state machine (domain/verdict/machine.ts), which reports outages. As there, the last
 * notification is compared with the present state. At most one advisory is reported at a time, and an outage replaces it.
 */

/** Times are ms since the epoch. */
interface Sighting {
  since: number;
  /** When its end was noticed; null while it holds. */
  goneSince: number | null;
  /** The last moment of an ended advisory, where it differs from `goneSince`. */
  endedAt?: number;
  /** For missing data: the latest known time at which any region sent data. */
  lastSeenAt?: number;
}

export interface AdvisoryState {
  seen: Partial<Record<Advisory, Sighting>>;
  /** The advisory that recipients know of and whose end is not reported yet. */
  notified: Advisory | null;
}

export const noAdvisories: AdvisoryState = { seen: {}, notified: null };

/** Inputs of the advisories: the machine's present state, and the advisories that people chose. */
export interface Watched {
  machine: MonitorState;
  policy: CheckPolicy;
  events: readonly ChoosableEvent[];
}

export type AdvisoryEffect =
  | { change: 'began'; problem: Advisory; since: number; at: number }
  | { change: 'ended'; problem: Advisory; endedAt: number; at: number };

/** Folds the advisories at `now`; the effect is the notification that is due then. */
export const watchAdvisories = (
  state: AdvisoryState,
  watched: Watched,
  now: number,
): [AdvisoryState, AdvisoryEffect | null] => {
  // An outage that recipients know of replaces all advisories.
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

/** The advisory that is due at `now`, and the reason for its suppression; null where none is suppressed. */
export const suppressedAdvisory = (
  state: AdvisoryState,
  watched: Watched,
  now: number,
): { event: AlertEvent | Advisory; because: Suppression } | null => {
  const due = dueOf(look(state, watched, now), watched, now);
  const because = due && suppressionOf(due.event, watched.machine, watched.policy, now);
  return due && because ? { event: due.current ?? 'up', because } : null;
};

/** Whether a notification is due at `now`, even if it is suppressed. */
export const isAdvisoryDue = (state: AdvisoryState, watched: Watched, now: number): boolean =>
  watched.machine.notified === 'up' && dueOf(look(state, watched, now), watched, now) !== null;

/**
 * When time must be folded again if nothing else happens before; null where it is not needed. Whether anyone is to be
 * notified of an advisory may be known only then.
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
 * `event` is the advisory to report, or the one whose end is reported (then `current` is null). Nothing while a notification
 * of an outage is due or about to be.
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
  // An advisory that people no longer chose continues only where it hides no other.
  const current = on.find((problem) => events.includes(problem)) ?? on[0] ?? null;
  const event = current ?? notified;
  return current === notified || event === null ? null : { current, event };
};

/** An advisory that has been over for long enough is deleted, unless recipients still have to be notified of its end. */
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

/** Missing data ended with the first outcome of the verdict that followed. */
const gone = (problem: Advisory, sighting: Sighting, { machine }: Watched, now: number): Sighting => ({
  ...sighting,
  goneSince: now,
  ...(problem === 'unknown' ? { endedAt: Math.max(sighting.since, Math.min(now, machine.since)) } : {}),
});

/**
 * Two periods of missing data are never merged: that would deny the data in between. Any other advisory that comes and goes
 * within the hold is one problem.
 */
const sightingOf = (
  problem: Advisory,
  since: number,
  before: Sighting | undefined,
  notified: Advisory | null,
): Sighting => {
  if (problem !== 'unknown') return { since: before?.since ?? since, goneSince: null };
  // Recipients know of the previous one and are notified of its end first, which is due before this one can be.
  if (notified === 'unknown' && before && before.goneSince !== null) return before;
  const lastSeenAt = Math.max(since, before?.lastSeenAt ?? 0);
  const goesOn = before?.goneSince === null && (notified === 'unknown' || since <= (before.lastSeenAt ?? since));
  return { since: goesOn ? before.since : since, goneSince: null, lastSeenAt };
};

/** Since when each advisory holds; null where it does not, and missing where the present data cannot decide it. */
const problemsOf = ({ machine, policy }: Watched): Partial<Record<Advisory, number | null>> => {
  const { verdict, standing, since, stoodAt, isFlapping } = machine;
  if (standing === null) {
    // No region ever sent data, and the owner can change that.
    const refusal = refusedEverywhere(machine, policy);
    return refusal ? { unknown: refusal.at } : {};
  }
  // A region sent data in between, but too little to change the verdict: the message must not deny that data.
  if (verdict === 'unknown') return { unknown: Math.max(since, lastSeenOf(machine, policy) ?? 0) };
  if (standing === 'down' || isFlapping) return { unknown: null };
  // A problem that an outage leaves behind has to last by itself.
  const degraded = verdict === 'degraded' ? Math.max(since, stoodAt) : null;
  return { unknown: null, degraded, regional: regionalSince(machine, policy) };
};

/** The latest time at which any region sent data, where none is fresh now; null otherwise. */
export const lastSeenOf = (machine: MonitorState, { regions, distrusted }: CheckPolicy): number | null => {
  const own = regions.filter((region) => !distrusted.includes(region));
  const isReporting = own.some((region) => machine.regions[region]?.isStale === false);
  const at = lastSeenIn(machine, [...own]);
  return isReporting || at === 0 ? null : at;
};

/** The same rule as in the dashboard. */
const regionalSince = (machine: MonitorState, { regions, distrusted }: CheckPolicy): number | null => {
  const { verdict, regionHealth } = shownOf(machine);
  const problem = regionalProblem({ verdict, regions, regionHealth }, distrusted);
  const sinceOf = (region: Region) => machine.regions[region]?.since ?? machine.since;
  return problem && Math.max(machine.stoodAt, Math.min(...problem.failing.map(sinceOf)));
};
