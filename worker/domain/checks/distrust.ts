import type { SignUpRule } from '../teams/signUpRule.ts';
import { defaultRegions, type Region, regions } from './region.ts';

/**
 * A region's own view can be broken: then monitors fail there and pass elsewhere. Such a region is distrusted for all teams,
 * and its outcomes do not vote. Teams' outcomes can only raise the suspicion: a team controls the results of its monitors,
 * and anybody may own many teams. Proof comes from sources that no tenant controls (`proofOf`).
 */

/** Results of one team's monitors in a region. */
export interface TeamView {
  /** Monitors that fail in this region and pass in most others, by outcomes since the failure here began. */
  alone: number;
  /** Registrable domains of those, in no order. */
  domains: readonly string[];
  /** Monitors that fail here and have no later outcome from elsewhere. */
  undecided: number;
  /** All monitors that other regions check too, except for those that fail there as well. */
  monitors: number;
}

/** The finding of the reference targets for a region. `inconclusive`: too few of them pass from elsewhere. */
export type ReferenceFinding =
  | { says: 'broken' | 'sound'; failing: number; references: number }
  | { says: 'inconclusive' };

/**
 * The proof that a region is broken.
 * - `own`: the monitors of the only team, which nobody else is harmed by.
 * - `references`: reference targets alone; teams neither begin nor end a distrust.
 * - `teams`: most teams, where the operator decides who has one.
 * - `nothing`: strangers make as many teams as they like, and there are no references.
 */
export type Proof = 'own' | 'references' | 'teams' | 'nothing';

export const proofOf = (isOnlyTeam: boolean, hasReferences: boolean, signUp: SignUpRule): Proof => {
  if (isOnlyTeam) return 'own';
  if (hasReferences) return 'references';
  // A list of e-mail domains keeps nobody out: an account need not show that its address exists.
  return signUp.kind === 'first' || signUp.kind === 'closed' ? 'teams' : 'nothing';
};

export interface Evidence {
  proof: Proof;
  /** Teams whose monitors are checked from the region. */
  teams: number;
  /** Those of them of which some monitor fails here alone, or may. */
  views: readonly TeamView[];
  /** `inconclusive` as well where there are none. */
  references: ReferenceFinding;
}

/** Fewer, or of one domain alone, are rather the trouble of these targets with this region. */
const minMonitors = 3;
const minDomains = 2;

/** So many teams have to agree at least where teams decide. */
const minTeams = 3;

/** A distrust that references proved ends when they have said nothing for so long. */
export const unprovenAfterMs = 600_000;

const failsForMost = ({ alone, monitors }: TeamView) => alone * 2 > monitors;

const sum = (views: readonly TeamView[], count: (view: TeamView) => number) =>
  views.reduce((total, view) => total + count(view), 0);

export const monitorsAlone = (views: readonly TeamView[]): number => sum(views, ({ alone }) => alone);

/** The references are worth asking: enough monitors fail here alone, and they are most monitors of some team. */
export const isSuspect = (views: readonly TeamView[]): boolean =>
  monitorsAlone(views) >= minMonitors &&
  new Set(views.flatMap(({ domains }) => domains)).size >= minDomains &&
  views.some(failsForMost);

export const isBroken = ({ proof, teams, views, references }: Evidence): boolean => {
  if (!isSuspect(views)) return false;
  if (proof === 'own') return true;
  if (proof === 'references') return references.says === 'broken';
  return proof === 'teams' && votesAgainst(views) >= votesNeededOf(teams);
};

/** More than half of the teams that watch from the region. */
const votesNeededOf = (teams: number) => Math.max(minTeams, Math.floor(teams / 2) + 1);

/** One vote a team, and one a domain: what many watch is one witness. Few domains choose first, so that most find one. */
const votesAgainst = (views: readonly TeamView[]): number => {
  const taken = new Set<string>();
  const voting = views.filter(failsForMost).sort((a, b) => a.domains.length - b.domains.length);
  for (const { domains } of voting) {
    const free = domains.find((domain) => !taken.has(domain));
    if (free !== undefined) taken.add(free);
  }
  return taken.size;
};

/**
 * Ends by evidence of the same kind. For the only team, at most a quarter still may fail alone: a view that hovers around
 * a half is not trusted again and again. `provenMs` ago it was proven last.
 */
export const isMended = ({ proof, teams, views, references }: Evidence, provenMs: number): boolean => {
  if (proof === 'own') return sum(views, mayFailAlone) * 4 <= sum(views, ({ monitors }) => monitors);
  if (proof === 'references')
    return references.says === 'sound' || (references.says === 'inconclusive' && provenMs > unprovenAfterMs);
  return proof === 'nothing' || views.filter((view) => mayFailAlone(view) * 2 > view.monitors).length * 2 <= teams;
};

const mayFailAlone = ({ alone, undecided }: TeamView) => alone + undecided;

/** From which regions how many teams have monitors checked, of all teams that have any. */
export interface RegionUse {
  teams: number;
  teamsByRegion: Partial<Record<Region, number>>;
}

/** The limit on regions that are distrusted at once. */
export interface Bound {
  regions: readonly Region[];
  most: number;
}

const lessThanHalfOf = (some: readonly Region[]): Bound => ({
  regions: some,
  most: Math.max(0, Math.ceil(some.length / 2) - 1),
});

/**
 * Strictly fewer than half of all regions, and of those that a monitor has unless its team chooses others. Which regions
 * teams choose does not count, since anybody may add teams; but the only team is bounded by its own.
 */
export const boundsOf = ({ teams, teamsByRegion }: RegionUse): Bound[] =>
  teams === 1
    ? [lessThanHalfOf(regions.filter((region) => teamsByRegion[region]))]
    : [lessThanHalfOf(regions), lessThanHalfOf(defaultRegions)];

/** The distrusts that are beyond a bound, the newest ones. `distrusted`: oldest first. */
export const beyondBounds = (distrusted: readonly Region[], bounds: readonly Bound[]): Region[] =>
  distrusted.filter((region) =>
    bounds.some(
      (bound) =>
        bound.regions.includes(region) &&
        distrusted.filter((one) => bound.regions.includes(one)).indexOf(region) >= bound.most,
    ),
  );
