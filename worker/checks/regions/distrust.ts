import { beginDistrust, type Distrust, endDistrust, listDistrusts, noteProven } from '../../db/checks/distrusts.ts';
import { isOnlyTeam, type RegionViews, readRegionUse, readTeamViews } from '../../db/checks/regionViews.ts';
import { listUndecidedIn, listWatchingFrom } from '../../db/monitors/monitorsToCall.ts';
import {
  type Bound,
  beyondBounds,
  boundsOf,
  type Evidence,
  isBroken,
  isMended,
  isSuspect,
  monitorsAlone,
  proofOf,
  type ReferenceFinding,
  type RegionUse,
} from '../../domain/checks/distrust.ts';
import type { Region } from '../../domain/checks/region.ts';
import { newId } from '../../ids.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import { log } from '../../log.ts';
import type { Services } from '../../services.ts';
import { notifyMonitors } from '../pipeline/notifyMonitors.ts';
import { askReferences } from './references.ts';

/** Maximum number of objects notified per call; the sweeps of the next minutes notify the rest. */
const objectsPerCall = 500;

/** Once a minute: distrusts regions whose view is broken, trusts recovered regions, and notifies monitors. */
export const sweepDistrust = async (services: Services): Promise<void> => {
  const correlationId = newId('run');
  await reviewRegions(services, null, correlationId);
  const distrusted = await listDistrusts(services.d1);
  for (const { region } of distrusted) await notifyUndecided(services, region, correlationId);
};

/**
 * Reviews one region for a distrust that begins, or all of them for distrusts that begin and end. Idempotent. Teams' outcomes
 * only select the regions for a closer review; in calm times that is two cheap statements. A team can make a region suspect
 * at will, so passing monitors are read only where they count.
 */
export const reviewRegions = async (services: Services, only: Region | null, correlationId: string): Promise<void> => {
  const { d1, config } = services;
  const distrusts = await listDistrusts(d1);
  const distrusted = distrusts.map(({ region }) => region);
  const failing = await readTeamViews(d1, services.now(), only, { failingOnly: true });
  const doubted = only === null ? distrusted : [];
  if (suspectsOf(failing, distrusted).length + doubted.length === 0) return;
  const proof = proofOf(await isOnlyTeam(d1), config.referenceTargets.length > 0, config.signUp);
  const isDecidedByTeams = proof === 'own' || proof === 'teams';
  const use = isDecidedByTeams ? await readRegionUse(d1) : manyTeams;
  const findings =
    proof === 'references'
      ? await askReferences(services, [...suspectsOf(failing, distrusted), ...doubted], distrusted, correlationId)
      : new Map<Region, ReferenceFinding>();
  const mayBegin =
    isDecidedByTeams || [...findings].some(([region, { says }]) => says === 'broken' && !distrusted.includes(region));
  // Fewer passing monitors only make a region look worse: one that is no suspect even then is none.
  const seen = mayBegin ? await readTeamViews(d1, services.now(), only, { failingOnly: false }) : failing;
  const review = (region: Region): Review => ({
    region,
    evidence: {
      proof,
      teams: use.teamsByRegion[region] ?? 0,
      views: seen.get(region)?.views ?? [],
      references: findings.get(region) ?? { says: 'inconclusive' },
    },
    monitors: seen.get(region)?.monitors ?? 0,
    correlationId,
  });
  const bounds = boundsOf(use);
  if (only === null) await reviewDistrusts(services, distrusts, bounds, review);
  for (const one of suspectsOf(seen, distrusted).map(review))
    if (isBroken(one.evidence)) await begin(services, one, bounds);
};

/** Where teams do not matter, the regions that they use are not read. */
const manyTeams: RegionUse = { teams: 2, teamsByRegion: {} };

const suspectsOf = (seen: Map<Region, RegionViews>, distrusted: readonly Region[]): Region[] =>
  [...seen].flatMap(([region, { views }]) => (isSuspect(views) && !distrusted.includes(region) ? [region] : []));

const reviewDistrusts = async (
  services: Services,
  distrusts: readonly Distrust[],
  bounds: readonly Bound[],
  review: (region: Region) => Review,
) => {
  const now = services.now();
  const beyond = beyondBounds(
    distrusts.map(({ region }) => region),
    bounds,
  );
  const proven: Region[] = [];
  for (const { region, provenAt } of distrusts) {
    const one = review(region);
    if (one.evidence.references.says === 'broken') proven.push(region);
    if (beyond.includes(region) || isMended(one.evidence, now - provenAt)) await end(services, one);
  }
  if (proven.length > 0) await noteProven(services.d1, proven, now);
};

interface Review {
  region: Region;
  evidence: Evidence;
  /** Monitors of all teams that were compared there. */
  monitors: number;
  correlationId: string;
}

const begin = async (services: Services, review: Review, bounds: readonly Bound[]) => {
  const { region } = review;
  if (!(await beginDistrust(services.d1, { region, ...foundBy(review) }, bounds, services.now()))) return;
  logReview(review, true);
  await announce(services, region, review.correlationId);
};

const end = async (services: Services, review: Review) => {
  if (!(await endDistrust(services.d1, review.region, services.now()))) return;
  logReview(review, false);
  await announce(services, review.region, review.correlationId);
};

const foundBy = ({ evidence, monitors }: Review): Pick<Distrust, 'failing' | 'monitors' | 'references'> => {
  const { views, references } = evidence;
  return {
    failing: monitorsAlone(views),
    monitors,
    references:
      references.says === 'inconclusive' ? null : { failing: references.failing, count: references.references },
  };
};

const logReview = (review: Review, begins: boolean) => {
  const { references, ...monitors } = foundBy(review);
  const { region, correlationId } = review;
  log('distrust', correlationId, { region, begins, ...monitors, references: references?.failing ?? null });
};

const announce = async (services: Services, region: Region, correlationId: string) => {
  const watching = await listWatchingFrom(services.d1, region, services.now(), objectsPerCall);
  await Promise.all([
    notifyUndecided(services, region, correlationId),
    ...watching.map((teamId) => publishLiveEvent(services, teamId, correlationId, { type: 'regions-changed' })),
  ]);
};

/**
 * Notifies the objects of monitors for which the region's vote may be decisive. An object that misses this reads it before
 * its next decision, and within a minute where it knows of a distrust that has ended.
 */
const notifyUndecided = async (services: Services, region: Region, correlationId: string) =>
  notifyMonitors(services, await listUndecidedIn(services.d1, region, objectsPerCall), correlationId);
