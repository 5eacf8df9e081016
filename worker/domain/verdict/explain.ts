import { type Outcome, observationOf } from '../checks/outcome.ts';
import type { Region } from '../checks/region.ts';
import { alertFor } from './alerts.ts';
import type { CheckPolicy } from './checkPolicy.ts';
import type { Explanation, RegionVote } from './explanation.ts';
import { lastSeenIn } from './freshness.ts';
import { periodMs } from './period.ts';
import { type Ballot, outdatedVotes, speaksFor } from './quorum.ts';
import { confirmationsNeeded, isUnsettled } from './region.ts';
import type { DecidedVerdict, MonitorState, RegionState } from './state.ts';
import { suppressionOf } from './suppression.ts';
import { backOffOf } from './suspicion.ts';

/** Explains the result of these votes for a state. `from` is the verdict before them. */
export const explainBallot = (
  state: MonitorState,
  ballot: Ballot,
  policy: CheckPolicy,
  now: number,
  from: DecidedVerdict = state.verdict,
): Explanation => ({
  verdict: state.verdict,
  since: state.since,
  at: now,
  quorum: policy.quorum,
  confirmations: policy.confirmations,
  recoveryConfirmations: policy.recoveryConfirmations,
  needed: from === 'down' ? ballot.needed : ballot.neededForNew,
  neededPassing: Math.max(1, ballot.size - ballot.needed + 1),
  size: ballot.size,
  down: ballot.down,
  passing: ballot.passing,
  votes: policy.regions.map((region) => voteOf(region, state, ballot, policy)),
  holding: state.holding && {
    to: state.holding.to,
    since: state.holding.since,
    until: state.holding.since + periodMs(state, state.holding.to, policy),
  },
  isFlapping: state.isFlapping,
  ...backedOff(state, policy, now),
  suppressed: suppressedNow(state, policy, now),
});

const backedOff = (state: MonitorState, policy: CheckPolicy, now: number): Pick<Explanation, 'backedOff'> => {
  const until = state.suspicion?.waitsUntil ?? 0;
  if (until <= now) return {};
  const { unconfirmed, changes } = backOffOf(state, policy, now) ?? {
    unconfirmed: state.unconfirmed.count,
    changes: 0,
  };
  return { backedOff: { unconfirmed, changes, until } };
};

const voteOf = (name: Region, state: MonitorState, ballot: Ballot, policy: CheckPolicy): RegionVote => {
  const region = state.regions[name];
  const ignored = whyIgnored(name, region, state, ballot, policy);
  const hasVote = region && region.health !== 'unknown' && ignored !== 'distrusted' && ignored !== 'stale';
  return {
    region: name,
    vote: hasVote ? (region.health as Exclude<DecidedVerdict, 'unknown'>) : null,
    ignored,
    confirming: region && !region.isStale ? confirmingOf(region, state, policy) : null,
    staleSince: region?.isStale ? lastSeenIn(state, [name]) : null,
    refusal: hasVote ? null : (state.refusals?.[name] ?? null),
    evidence: region ? evidenceOf(region.latest) : null,
  };
};

const whyIgnored = (
  name: Region,
  region: RegionState | undefined,
  state: MonitorState,
  ballot: Ballot,
  policy: CheckPolicy,
): RegionVote['ignored'] => {
  if (policy.distrusted.includes(name)) return 'distrusted';
  if (!region) return 'never-seen';
  if (region.isStale) return 'stale';
  if (!speaksFor(region, ballot.voters)) return 'same-data-centre';
  return outdatedVotes(state, ballot).includes(region) ? 'outdated' : null;
};

const confirmingOf = (region: RegionState, { outage }: MonitorState, policy: CheckPolicy): RegionVote['confirming'] => {
  const { health, leaning, contradictions } = region;
  if (leaning === 'unknown' || !isUnsettled(region)) return null;
  const needed = confirmationsNeeded(health, leaning, policy, outage !== null);
  return { to: leaning, count: contradictions, needed: Math.max(needed, contradictions + 1) };
};

const evidenceOf = (outcome: Outcome): RegionVote['evidence'] => {
  const { region: _, ...seen } = observationOf(outcome);
  return { ...seen, startedAt: outcome.startedAt };
};

const suppressedNow = (state: MonitorState, policy: CheckPolicy, now: number): Explanation['suppressed'] => {
  const alert = alertFor(state.notified, state);
  const because = alert && suppressionOf(alert.event, state, policy, now);
  return alert && because ? { event: alert.event, because } : null;
};
