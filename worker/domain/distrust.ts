import type { Region } from './region.ts';

/**
 * A region's own view can be broken: then monitors fail there and pass elsewhere. Such a region is distrusted for all
 * teams, and its outcomes do not vote. What teams watch can only raise the suspicion: a team decides what its monitors
 * find, and may own many of them. The proof are reference targets of the operator, or several teams where these say nothing.
 */

/** What the monitors of one team say of a region. */
export interface TeamView {
  /** Monitors that fail in this region and pass, by what was seen since they began to fail here, in most others. */
  alone: number;
  /** Registrable domains of those, in no order. */
  domains: readonly string[];
  /** Monitors that fail here, and nobody has looked from elsewhere since. */
  undecided: number;
  /** All that other regions look at too, except for those that fail there as well. */
  monitors: number;
}

/**
 * What reference targets say of a region. `silent`: too few of them pass from elsewhere, or there are none, so that
 * they tell nothing.
 */
export type ReferenceFinding = { says: 'broken' | 'sound'; failing: number; references: number } | { says: 'silent' };

export interface Evidence {
  /** Teams whose monitors are checked from the region. */
  teams: number;
  /** No other team of the installation has a monitor that is checked. */
  isOnlyTeam: boolean;
  /** Those of them of which some monitor fails here alone, or may. */
  views: readonly TeamView[];
  references: ReferenceFinding;
}

/** Fewer, or of one domain alone, are rather the trouble of these targets with this region. */
const minMonitors = 3;
const minDomains = 2;

/** So many teams have to agree at least where no reference says anything. */
export const minTeams = 3;

const failsForMost = ({ alone, monitors }: TeamView) => alone * 2 > monitors;

const sum = (views: readonly TeamView[], count: (view: TeamView) => number) =>
  views.reduce((total, view) => total + count(view), 0);

export const monitorsAlone = (views: readonly TeamView[]): number => sum(views, ({ alone }) => alone);

/** Worth a look at the references: enough fails here alone, and for some team most of what it watches does. */
export const isSuspect = (views: readonly TeamView[]): boolean =>
  monitorsAlone(views) >= minMonitors &&
  new Set(views.flatMap(({ domains }) => domains)).size >= minDomains &&
  views.some(failsForMost);

/** The only team is harmed by nobody else: its own monitors suffice. */
export const isBroken = ({ teams, isOnlyTeam, views, references }: Evidence): boolean => {
  if (!isSuspect(views)) return false;
  if (isOnlyTeam) return true;
  if (references.says !== 'silent') return references.says === 'broken';
  return votesAgainst(views) >= votesNeededOf(teams);
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
 * Ends by evidence that no single team can withhold. For the only team, at most a quarter still may fail alone: a view
 * that hovers around a half is not trusted again and again.
 */
export const isMended = ({ teams, isOnlyTeam, views, references }: Evidence): boolean => {
  if (isOnlyTeam) return sum(views, mayFailAlone) * 4 <= sum(views, ({ monitors }) => monitors);
  if (references.says !== 'silent') return references.says === 'sound';
  return views.filter((view) => mayFailAlone(view) * 2 > view.monitors).length * 2 <= teams;
};

const mayFailAlone = ({ alone, undecided }: TeamView) => alone + undecided;

/** From which regions how many teams have monitors checked, of all teams that have any. */
export interface RegionUse {
  teams: number;
  teamsByRegion: Partial<Record<Region, number>>;
}

/** Regions from which at least half of the teams watch: a team that watches from all alone changes nothing. */
export const regionsInUse = ({ teams, teamsByRegion }: RegionUse): Region[] =>
  (Object.entries(teamsByRegion) as [Region, number][])
    .filter(([, using]) => using * 2 >= teams)
    .map(([region]) => region);

/** Strictly fewer than half of the regions in use are ever distrusted at once. */
export const mostDistrusted = (use: RegionUse): number => Math.max(0, Math.ceil(regionsInUse(use).length / 2) - 1);
