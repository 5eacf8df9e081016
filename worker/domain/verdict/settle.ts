import type { Outcome } from '../checks/outcome.ts';
import type { Region } from '../checks/region.ts';
import { inMaintenance } from '../maintenance/maintenance.ts';
import { alertFor } from './alerts.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import type { Effect } from './effect.ts';
import { explainBallot } from './explain.ts';
import { flapsUntil, isFlapping, recentChanges, withChange } from './flapping.ts';
import { endAwaiting } from './freshness.ts';
import { periodMs } from './period.ts';
import { agreeing, type Ballot, ballotOf, decide, outdatedVotes } from './quorum.ts';
import { record } from './record.ts';
import type { DecidedVerdict, MonitorState } from './state.ts';
import { suppressionOf } from './suppression.ts';
import { askAllowed, backOffOf, suspect } from './suspicion.ts';
import { followTrust, trustedAgain } from './trust.ts';

export type Folded = [MonitorState, Effect[]];

/** When a changed verdict takes effect. */
export type SinceOf = (state: MonitorState, verdict: DecidedVerdict, ballot: Ballot, now: number) => number;

/** Regions to ask besides those of the confirmation: always, or within its limits. */
export interface AlsoAsk {
  always?: readonly Region[];
  allowed?: readonly Region[];
}

/** Applies the regions' present health and the elapsed time: verdict, outage, alerts and on-demand checks. */
export const settle = (
  given: MonitorState,
  policy: CheckPolicy,
  now: number,
  sinceOf: SinceOf,
  { always = [], allowed = [] }: AlsoAsk = {},
): Folded => {
  const state = followTrust(endAwaiting(given, policy, now), policy, now);
  const ballot = ballotOf(state, policy, now);
  const turned = turn(state, ballot, policy, now, sinceOf);
  const [notified, alerts] = notify(endOutage(flap(turned, policy, now)), policy, now);
  const [next, changes] = recordChanges(state, notified, ballot, policy, now);
  const [suspected, asks] = suspect(next, policy, outdatedVotes(next, ballot), now);
  const also = askAlso([...always, ...trustedAgain(given, policy)], asks, now);
  const all = [...changes, ...alerts, ...also, ...asks];
  const backOff = backOffOf({ ...next, ...suspected }, policy, now);
  if (allowed.length === 0 || now < (backOff?.until ?? 0)) return [{ ...next, ...suspected }, all];
  const open = unasked(allowed, [...also, ...asks], now);
  const [asked, further] = askAllowed(suspected.asked, open, now, backOff !== null);
  return [{ ...next, ...suspected, asked }, [...all, ...further]];
};

type Ask = Extract<Effect, { type: 'ask' }>;

/** The regions that are not asked now anyway. */
const unasked = (regions: readonly Region[], asks: readonly Ask[], now: number): Region[] => {
  if (regions.length === 0) return [];
  const atOnce = asks.filter((ask) => ask.at === now).flatMap((ask) => ask.regions);
  return regions.filter((region) => !atOnce.includes(region));
};

const askAlso = (regions: readonly Region[], asks: readonly Ask[], now: number): Ask[] => {
  const left = unasked(regions, asks, now);
  return left.length > 0 ? [{ type: 'ask', regions: left, at: now }] : [];
};

/** Only down matters for an outage: up and degraded are the same. */
const isDown = (verdict: DecidedVerdict) => verdict === 'down';

/** Turns the verdict once a quorum for another one has held for its period. */
const turn = (
  state: MonitorState,
  ballot: Ballot,
  policy: CheckPolicy,
  now: number,
  sinceOf: SinceOf,
): MonitorState => {
  const verdict = decide(state, ballot);
  if (verdict === state.verdict) return state.holding ? { ...state, holding: null } : state;
  const held = state.holding && isDown(state.holding.to) === isDown(verdict) ? state.holding : null;
  const from = Math.min(held?.from ?? now, sinceOf(state, verdict, ballot, now));
  const since = held?.since ?? now;
  if (now - since < periodMs(state, verdict, policy)) return { ...state, holding: { to: verdict, since, from } };
  const next = { ...state, verdict, since: Math.max(from, state.since), holding: null };
  return verdict === 'unknown' ? next : stand(next, verdict === 'down' ? 'down' : 'up', policy, now);
};

/** Up or down, whatever lies between: an outage opens with the first `down`. */
const stand = (state: MonitorState, standing: 'up' | 'down', policy: CheckPolicy, now: number): MonitorState => {
  if (standing === state.standing) return state;
  const isMaintained = inMaintenance(policy.maintenance, now);
  const isChange = state.standing !== null || standing === 'down';
  const changes = isChange && !isMaintained ? recentChanges([...state.changes, now], policy, now) : state.changes;
  const latestChanges = isChange
    ? withChange(state.latestChanges, { at: now, inMaintenance: isMaintained })
    : state.latestChanges;
  const outage = standing === 'down' ? (state.outage ?? { since: state.since }) : state.outage;
  return { ...state, standing, stoodAt: now, changes, latestChanges, outage };
};

const flap = (state: MonitorState, policy: CheckPolicy, now: number): MonitorState => {
  const floorUntil = flapsUntil(state.latestChanges, inMaintenance(policy.maintenance, now));
  const flapping = isFlapping(state.isFlapping, state.changes, policy, now) || now < (floorUntil ?? 0);
  if (flapping === state.isFlapping) return state;
  if (flapping) return { ...state, isFlapping: true };
  // The changes before it are done: counted further, they would make it flap again at once.
  return { ...state, isFlapping: false, changes: [], latestChanges: floorUntil === null ? state.latestChanges : [] };
};

/** While the monitor flaps, the outage stays open. */
const endOutage = (state: MonitorState): MonitorState =>
  state.outage && !state.isFlapping && state.standing === 'up' && state.verdict !== 'unknown'
    ? { ...state, outage: null, joined: 0 }
    : state;

/** Sends the alert that is due, or emits once why it is suppressed. */
const notify = (state: MonitorState, policy: CheckPolicy, now: number): Folded => {
  const alert = alertFor(state.notified, state);
  if (!alert) return [state.suppressed ? { ...state, suppressed: null } : state, []];
  const { event, notified } = alert;
  const because = suppressionOf(event, state, policy, now);
  if (!because) return [{ ...state, notified, suppressed: null }, [{ type: 'alert', event, at: now }]];
  const kind = because.type === 'dependency' && because.until !== null ? 'settling' : because.type;
  if (state.suppressed?.event === event && state.suppressed.because === kind) return [state, []];
  return [{ ...state, suppressed: { event, because: kind } }, [{ type: 'suppressed', event, because, at: now }]];
};

/** The entries of history between one state and the next. */
const recordChanges = (
  before: MonitorState,
  after: MonitorState,
  ballot: Ballot,
  policy: CheckPolicy,
  now: number,
): Folded => {
  const hasOutage = after.outage !== null;
  const isOutageChange = hasOutage !== (before.outage !== null);
  const [next, recorded] = record(before, after, isOutageChange, now);
  const isTurned = after.verdict !== before.verdict;
  const evidence = isTurned ? evidenceOf(before, after, ballot) : latestOf(Object.values(after.regions));
  const effects: Effect[] = [];
  if (recorded) {
    const { from, since, isExplained } = recorded;
    const explanation = isExplained ? explainBallot(after, ballot, policy, now, before.verdict) : null;
    effects.push({ type: 'verdict', from, to: after.verdict, since, at: now, evidence, explanation });
  }
  if (isOutageChange)
    effects.push({ type: 'outage', change: hasOutage ? 'opened' : 'closed', since: after.since, at: now, evidence });
  return [next, effects];
};

const evidenceOf = (before: MonitorState, { verdict }: MonitorState, ballot: Ballot): Outcome[] =>
  latestOf(agreeing(before, verdict, ballot)).sort((a, b) => a.startedAt - b.startedAt);

const latestOf = (regions: readonly { latest: Outcome }[]) => regions.map(({ latest }) => latest);
