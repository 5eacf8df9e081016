import type { CheckPolicy } from './checkPolicy.ts';
import type { DecidedVerdict, MonitorState, RegionState } from './state.ts';
import { quorumFloor, votesNeeded } from './votesNeeded.ts';

/** Who votes now, and how many votes change the verdict. */
export interface Ballot {
  /** Regions with fresh data that are trusted. */
  voters: RegionState[];
  down: number;
  /** So many of those failed at the same time. */
  downTogether: number;
  degraded: number;
  /** Up or degraded. */
  passing: number;
  /** Votes there are: of regions in one data centre one, and one of each region that is still expected to speak. */
  size: number;
  /** Of those, regions that fell silent and are asked just now. */
  stale: number;
  /** To stay down; and passing votes that leave no room for so many end it. */
  needed: number;
  /** To turn down; more than `size` where too few can be heard. */
  neededForNew: number;
}

/**
 * Counts the votes. A quorum is one of the regions that can say something now. But where two regions or more had to
 * agree if all of them spoke, two have to in any case: a view that has shrunk to one region makes no outage. To begin one,
 * as many have to agree as if all spoke, or all that are left, and never fewer than a majority of all that were chosen,
 * unless the policy demands fewer: silent regions are no witnesses.
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

/** A region before it in the list that probes from the same data centre. */
const twinOf = ({ latest: { dataCentre } }: RegionState, voters: readonly RegionState[]) =>
  dataCentre === null ? undefined : voters.find((voter) => voter.latest.dataCentre === dataCentre);

/** Regions in one data centre vote once: for down only together, since whoever passes has reached the target. */
const count = (ballot: Ballot, region: RegionState) => {
  if (!speaksFor(region, ballot.voters)) return;
  if (region.health === 'down') ballot.down++;
  else if (region.health === 'degraded') {
    ballot.degraded++;
    ballot.passing++;
  } else if (region.health === 'up') ballot.passing++;
};

/** Whether the vote of its data centre is the one of this region. */
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

/** Failures that lie no further apart are of the same time: regions are asked one after the other. */
const togetherWithinMs = 5_000;

/** Counts as failing, and its latest outcome was a failure as well. */
const isFailing = (region: RegionState) => region.health === 'down' && region.leaning === 'down';

/** The most failing regions of which one is known to have failed while the others did. */
const mostTogether = ({ shrunkAt }: MonitorState, voters: readonly RegionState[]): number => {
  const failing = voters.filter((region) => isFailing(region) && region.latest.startedAt >= shrunkAt);
  const at = (time: number) =>
    failing.filter(({ since, latest }) => since <= time && time <= latest.startedAt + togetherWithinMs).length;
  return Math.max(0, ...failing.map(({ since }) => at(since)));
};

/**
 * Enough regions count as failing, but some of them were heard longer ago than the others began to fail, or than the
 * view shrank: whether they still do has to be asked before their votes can be added up.
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
 * Down with a quorum of regions that fail at the same time. Up again, or for the first time, only when so many regions
 * pass that no quorum for down is left; in between the verdict stays what it was. Unknown when no region speaks, and
 * when those that do report a failure but are too few to make a quorum.
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

/** What regions say on which a change to `verdict` rests. */
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
 * When the verdict began: with the first check that said so after enough regions had said otherwise for the last time.
 * A region that failed alone long before therefore does not lengthen the outage.
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
