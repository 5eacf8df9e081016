import type { Outcome } from '../checks/outcome.ts';
import type { Region } from '../checks/region.ts';
import { inMaintenance } from '../maintenance/maintenance.ts';
import { alertFor } from './alerts.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import { explainBallot } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { flapsUntil, stableAfterMs } from './flapping.ts';
import { answersWithinMs, freshForMs, isFresh, type LastSeen, lastSeenIn, markStale } from './freshness.ts';
import { periodMs } from './period.ts';
import { ballotOf, countsFrom } from './quorum.ts';
import { endRefusal, noteRefusal } from './refusals.ts';
import { type DecisiveOutcome, foldRegion } from './region.ts';
import { type AlsoAsk, type Folded, type SinceOf, settle } from './settle.ts';
import type { MonitorState, RegionState } from './state.ts';
import { suppressionOf } from './suppression.ts';

/**
 * The state machine that decides a monitor's verdict: it folds outcomes into state and returns effects as data. It reads no
 * clock; every time belongs to an outcome, or is `now` as the caller passes it (ms since the epoch).
 */

/** Folds one outcome. An outcome older than the region's latest one changes nothing. */
export const observe = (given: MonitorState, outcome: Outcome, policy: CheckPolicy, now: number): Folded => {
  const { region, startedAt } = outcome;
  // Outdated data must not decide the present verdict.
  if (!policy.regions.includes(region) || !isFresh(startedAt, policy, now)) return [given, []];
  if (!saysSomething(outcome)) return [noteRefusal(given, outcome), []];
  const before = given.regions[region];
  if (before && startedAt <= before.latest.startedAt) return [given, []];
  const state = endRefusal(given, region);
  const after = foldRegion(before, outcome, policy, state.outage !== null, now);
  const regions = { ...state.regions, [region]: after };
  const isQuiet =
    before?.health === after.health &&
    before.contradictions === 0 &&
    after.contradictions === 0 &&
    before.latest.dataCentre === outcome.dataCentre &&
    state.suspicion === null &&
    state.holding === null;
  if (isQuiet) return [{ ...state, regions }, []];
  const next = { ...state, regions, awaitingUntil: awaitOthers(state, before, after, policy, now) };
  const [settled, effects] = settle(next, policy, now, countsFrom, alsoAsked(state, before, after, policy));
  const joins = state.outage && settled.outage && before?.health !== 'down' && after.health === 'down';
  if (!joins || settled.joined >= maxJoined) return [settled, effects];
  return [{ ...settled, joined: settled.joined + 1 }, [...effects, { type: 'joined', at: now, evidence: outcome }]];
};

/** A region can fail and pass again with every check while the outage lasts, so the number is limited. */
const maxJoined = 10;

const isAlone = ({ regions }: MonitorState, policy: CheckPolicy) =>
  policy.regions.every((region) => regions[region]?.isStale !== false);

/**
 * After all regions were stale, the others get time to send data as well. When a region starts to fail, stale regions are
 * asked like all others: a quorum that holds only without them waits for their outcomes.
 */
const awaitOthers = (
  state: MonitorState,
  before: RegionState | undefined,
  { leaning, latest }: RegionState,
  policy: CheckPolicy,
  now: number,
): number => {
  if (isAlone(state, policy)) return now + freshForMs(policy);
  const beginsToFail = leaning === 'down' && before?.leaning !== 'down';
  const lacksOthers = policy.regions.some((region) => region !== latest.region && state.regions[region]?.isStale);
  return beginsToFail && lacksOthers
    ? Math.max(state.awaitingUntil, now + answersWithinMs(policy))
    : state.awaitingUntil;
};

/**
 * Regions to ask although no region is suspect: all others after stale data, and all others when one probe was enough to turn
 * a region, so that they need not wait for their next regular check.
 */
const alsoAsked = (
  state: MonitorState,
  before: RegionState | undefined,
  after: RegionState,
  policy: CheckPolicy,
): AlsoAsk => {
  const others = policy.regions.filter((region) => region !== after.latest.region);
  if (isAlone(state, policy)) return { always: others.filter((region) => state.regions[region]) };
  const turned = before !== undefined && (before.health === 'down') !== (after.health === 'down');
  return turned && state.suspicion === null ? { allowed: others } : {};
};

const saysSomething = (outcome: Outcome): outcome is DecisiveOutcome => outcome.health !== 'unknown';

/** Folds time: ended periods, closed windows, awaited regions. Due at `wakeAt`. */
export const tick = (state: MonitorState, policy: CheckPolicy, now: number): Folded =>
  settle(state, policy, now, countsFrom);

/**
 * Folds the known times of quiet outcomes: when each region last sent data. Stale regions (`freshForMs`) lose their vote and
 * are asked. When none is fresh, the verdict is unknown since the last outcome.
 */
export const noteLastSeen = (state: MonitorState, lastSeen: LastSeen, policy: CheckPolicy, now: number): Folded => {
  const after = markStale(state, lastSeen, policy, now);
  if (after === state) return [state, []];
  const staled = policy.regions.filter((region) => after.regions[region] !== state.regions[region]);
  const lastSeenBefore = lastSeenIn(after, staled);
  const sinceOf: SinceOf = (s, verdict, ballot, at) =>
    ballot.voters.length === 0 ? lastSeenIn(s) : Math.max(lastSeenBefore, countsFrom(s, verdict, ballot, at));
  return settle(after, policy, now, sinceOf, { always: staled });
};

/** Applies a changed policy: removed regions no longer vote. The change counts from now on. */
export const adopt = (state: MonitorState, policy: CheckPolicy, now: number): Folded => {
  const kept = Object.entries(state.regions).filter(([region]) => policy.regions.includes(region as Region));
  const isNew = policy.regions.some((region) => !state.regions[region]);
  const awaitingUntil = isNew ? now + freshForMs(policy) : state.awaitingUntil;
  return settle({ ...state, regions: Object.fromEntries(kept), awaitingUntil }, policy, now, () => now);
};

/** When `tick` is due if nothing else happens before; null where it is not needed. */
export const wakeAt = (state: MonitorState, policy: CheckPolicy, now: number): number | null => {
  const due = alertFor(state.notified, state);
  const times = [
    state.holding && state.holding.since + periodMs(state, state.holding.to, policy),
    state.isFlapping && stableAt(state, policy, now),
    state.unrecorded?.dueAt,
    due && suppressionOf(due.event, state, policy, now)?.until,
    policy.regions.some((r) => state.regions[r]?.isStale !== false) && state.awaitingUntil,
    state.suspicion?.waitsUntil,
  ].filter((at) => typeof at === 'number' && at > now);
  return times.length > 0 ? Math.min(...(times as number[])) : null;
};

const stableAt = ({ changes, latestChanges }: MonitorState, policy: CheckPolicy, now: number) =>
  Math.max(
    (changes.at(-1) ?? 0) + stableAfterMs(policy),
    flapsUntil(latestChanges, inMaintenance(policy.maintenance, now)) ?? 0,
  );

/** The reasons for the verdict at `now`, whether or not it changed just then. */
export const explain = (state: MonitorState, policy: CheckPolicy, now: number): Explanation =>
  explainBallot(state, ballotOf(state, policy, now), policy, now);
