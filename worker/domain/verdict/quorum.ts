import type { CheckPolicy } from './checkPolicy.ts';
import type { DecidedVerdict, MonitorState, RegionState } from './state.ts';
import { quorumFloor, votesNeeded } from './votesNeeded.ts';

/** The regions that vote now, and the votes that change the verdict. */
export interface Ballot {
  /** Regions with fresh data that are trusted. */
  voters: RegionState[];
  down: number;
  /** How many of the down votes failed at the same time. */
  downTogether: number;
  degraded: number;
  /** Up or degraded. */
  passing: number;
  /** Number of votes: one per data centre, and one for each region that is still awaited. */
  size: number;
  /** The stale regions among them that are being asked just now. */
  stale: number;
  /** Failing votes to stay down; the outage ends when the passing votes leave no room for them. */
  needed: number;
  /** Failing votes to turn down; more than `size` where too few regions have fresh data. */
  neededForNew: number;
}

/**
 * Counts the votes. A quorum is one of the regions with fresh or awaited data. But where a quorum of all regions takes two or
 * more, it always takes two: a view that has shrunk to one region opens no outage. An outage opens with as many votes as if
 * all regions had data, or with all that are left, and never with fewer than a majority of all chosen regions, unless the
 * policy demands fewer: stale regions are no evidence.
 */
export const ballotOf = (state: MonitorState, policy: CheckPolicy, now: number): Ballot => {
  const ballot: Ballot = {
    voters: [],
    down: 0,
    downTogether: 0,
    degraded: 0,
    passing: 0,
    size: 0,
    stale: 0,
    needed: 0,
    neededForNew: 0,
  };
  let places = 0;
  for (const name of policy.regions) {
    const region = state.regions[name];
    const isReporting = region !== undefined && !region.isStale;
    const twin = isReporting ? twinOf(region, ballot.voters) : undefined;
    if (!twin) places++;
    if (policy.distrusted.includes(name)) continue;
    if (isReporting) {
      ballot.voters.push(region);
      if (!twin) ballot.size++;
    } else if (now < state.awaitingUntil) {
      ballot.size++;
      if (region) ballot.stale++;
    }
  }
  for (const region of ballot.voters) count(ballot, region);
  const atFullSize = votesNeeded(policy.quorum, places);
  ballot.needed = Math.max(votesNeeded(policy.quorum, ballot.size), Math.min(2, atFullSize));
  ballot.neededForNew = Math.max(ballot.needed, Math.min(atFullSize, ballot.size), quorumFloor(policy.quorum, places));
  if (ballot.down > 0) ballot.downTogether = Math.min(ballot.down, mostTogether(state, ballot.voters));
  return ballot;
};

/** An earlier region of the list that probes from the same data centre. */
const twinOf = ({ latest: { dataCentre } }: RegionState, voters: readonly RegionState[]) =>
  dataCentre === null ? undefined : voters.find((voter) => voter.latest.dataCentre === dataCentre);

/**
 * Regions in one data centre have one vote. It is down only if all of them fail, since one that passes has reached the
 * target.
 */
const count = (ballot: Ballot, region: RegionState) => {
  if (!speaksFor(region, ballot.voters)) return;
  if (region.health === 'down') ballot.down++;
  else if (region.health === 'degraded') {
    ballot.degraded++;
    ballot.passing++;
  } else if (region.health === 'up') ballot.passing++;
};

/** Whether this region casts the vote of its data centre. */
export const speaksFor = (region: RegionState, voters: readonly RegionState[]): boolean => {
  const { dataCentre } = region.latest;
  if (dataCentre === null) return true;
  const together = voters.filter((voter) => voter.latest.dataCentre === dataCentre);
  return together.length < 2 || speakerOf(together) === region;
};

const speakerOf = (together: readonly RegionState[]) => {
  const first = (health: DecidedVerdict) => together.find((voter) => voter.health === health);
  return first('up') ?? first('degraded') ?? first('unknown') ?? first('down');
};

/** Failures at most this far apart count as simultaneous: regions are checked one after the other. */
const togetherWithinMs = 5_000;

/** Counts as failing, and its latest outcome was a failure as well. */
const isFailing = (region: RegionState) => region.health === 'down' && region.leaning === 'down';

/** The largest number of failing regions of which one is known to have failed while the others did. */
const mostTogether = ({ shrunkAt }: MonitorState, voters: readonly RegionState[]): number => {
  const failing = voters.filter((region) => isFailing(region) && region.latest.startedAt >= shrunkAt);
  const at = (time: number) =>
    failing.filter(({ since, latest }) => since <= time && time <= latest.startedAt + togetherWithinMs).length;
  return Math.max(0, ...failing.map(({ since }) => at(since)));
};

/**
 * Enough regions count as failing, but the data of some of them is older than the first failure of the others, or older than
 * the last region that turned stale. They have to be asked again before their votes are added up.
 */
export const outdatedVotes = (
  state: MonitorState,
  { voters, down, downTogether, neededForNew }: Ballot,
): RegionState[] => {
  if (isDownOrHolding(state) || down < neededForNew || downTogether >= neededForNew) return [];
  const failing = voters.filter(isFailing);
  const newest = Math.max(...failing.map(({ since }) => since));
  return failing.filter(
    ({ latest }) => latest.startedAt + togetherWithinMs < newest || latest.startedAt < state.shrunkAt,
  );
};

const isDownOrHolding = ({ verdict, holding }: MonitorState) => verdict === 'down' || holding?.to === 'down';

/**
 * Down with a quorum of regions that fail at the same time. Up again, or for the first time, only when so many regions pass
 * that no quorum for down is left; in between the verdict stays. Unknown when no region has fresh data, and when the regions
 * with data report a failure but are too few for a quorum.
 */
export const decide = (state: MonitorState, ballot: Ballot): DecidedVerdict => {
  const { voters, down, degraded, passing, size, stale, needed, neededForNew } = ballot;
  const isTooSmall = size - stale < neededForNew && down > 0 && passing === 0;
  if (size === stale || (voters.length > 0 && isTooSmall && state.verdict !== 'down')) return 'unknown';
  if (isQuorum(state, ballot)) return 'down';
  if (passing > 0 && passing > size - needed) return degraded + down >= needed && degraded > 0 ? 'degraded' : 'up';
  return state.verdict === 'degraded' && degraded === 0 && passing > 0 ? 'up' : state.verdict;
};

const isQuorum = ({ verdict, holding }: MonitorState, { down, downTogether, needed, neededForNew }: Ballot) => {
  if (verdict === 'down') return down >= needed;
  return (holding?.to === 'down' ? down : downTogether) >= neededForNew;
};

/** The region healths that support a change to `verdict`. */
const agreeingHealths = (from: DecidedVerdict, verdict: DecidedVerdict): DecidedVerdict[] => {
  if (verdict === 'down' || verdict === 'unknown') return ['down'];
  if (verdict === 'up') return from === 'degraded' ? ['up'] : ['up', 'degraded'];
  return from === 'down' ? ['degraded', 'up'] : ['degraded', 'down'];
};

export const agreeing = (state: MonitorState, verdict: DecidedVerdict, { voters }: Ballot): RegionState[] => {
  const healths = agreeingHealths(state.verdict, verdict);
  return voters.filter((region) => healths.includes(region.health));
};

/**
 * When the verdict took effect: the first check that supports it after the last time at which enough regions contradicted it.
 * So a region that failed alone long before does not lengthen the outage.
 */
export const countsFrom = (state: MonitorState, verdict: DecidedVerdict, ballot: Ballot, now: number): number => {
  const regions = agreeing(state, verdict, ballot);
  const isPassing = verdict === 'up' || state.verdict === 'down';
  const failing = verdict === 'down' ? ballot.neededForNew : ballot.needed;
  const votes = Math.min(regions.length, isPassing ? ballot.size - ballot.needed + 1 : failing);
  const otherwiseUntil = regions.map((region) => region.otherwiseUntil).sort((a, b) => a - b)[votes - 1] ?? 0;
  const healths = agreeingHealths(state.verdict, verdict);
  const joining = ballot.voters
    .filter((region) => isLeaningAway(region) && healths.includes(region.leaning))
    .map((region) => region.contradictedSince);
  const starts = [...regions.map((region) => region.since), ...joining].filter((start) => start > otherwiseUntil);
  return starts.length > 0 ? Math.min(...starts) : now;
};

const isLeaningAway = ({ contradictions, health, leaning }: RegionState) =>
  contradictions > 0 && (health === 'down') !== (leaning === 'down');
