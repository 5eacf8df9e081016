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
 * The state machine that decides a monitor's verdict: outcomes fold into state, and what is to be done comes out as
 * data. It knows no clock; every time is one of an outcome, or `now` as the caller gives it (ms since the epoch).
 */

/** Folds one outcome. One that is older than what its region said already changes nothing. */
export const observe = (given: MonitorState, outcome: Outcome, policy: CheckPolicy, now: number): Folded => {
  const { region, startedAt } = outcome;
  // Nobody is judged now by what was true long ago.
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

/** One region can fail and pass again as often as it is checked, for as long as the outage lasts. */
const maxJoined = 10;

const isAlone = ({ regions }: MonitorState, policy: CheckPolicy) =>
  policy.regions.every((region) => regions[region]?.isStale !== false);

/**
 * After silence of all, the others are given their time to speak as well. And where a region begins to fail, those that
 * are silent are asked like all others: a quorum that is one only without them waits for their answer.
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
 * Whom to ask although nobody is unsettled: all others after silence, and all others when one probe was enough to turn
 * a region, so that they need not wait for their own next look.
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

/** Folds time: periods that ended, windows that closed, regions that were waited for. Due at `wakeAt`. */
export const tick = (state: MonitorState, policy: CheckPolicy, now: number): Folded =>
  settle(state, policy, now, countsFrom);

/**
 * Folds what is known of quiet outcomes: when each region was heard last. Regions that have been silent for too long
 * (`freshForMs`) lose their vote and are asked; when none is left, the verdict is unknown since the last outcome.
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

/** Applies a policy that was changed: regions that are gone no longer vote. What it changes counts from now on. */
export const adopt = (state: MonitorState, policy: CheckPolicy, now: number): Folded => {
  const kept = Object.entries(state.regions).filter(([region]) => policy.regions.includes(region as Region));
  const isNew = policy.regions.some((region) => !state.regions[region]);
  const awaitingUntil = isNew ? now + freshForMs(policy) : state.awaitingUntil;
  return settle({ ...state, regions: Object.fromEntries(kept), awaitingUntil }, policy, now, () => now);
};

/** When time must be folded again (`tick`) if nothing else happens before; null where it need not. */
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

/** Why the verdict is what it is at `now`, whether or not it changed just then. */
export const explain = (state: MonitorState, policy: CheckPolicy, now: number): Explanation =>
  explainBallot(state, ballotOf(state, policy, now), policy, now);
