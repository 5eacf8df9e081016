import {
  type DomainLoad,
  fillDomains,
  forgetRegularLoads,
  listDomainLoads,
  noteRegularLoads,
  type Stretch,
  stretchMonitors,
} from '../db/domainLoads.ts';
import { noticedLoad, regularBudget, stretchesFor } from '../domain/domainLoad.ts';
import { newId } from '../ids.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';

/**
 * Stretches the regular checks of domains that would be sent too many, for all teams together, before the minute is
 * dispatched; and lets them be checked as chosen again once there are fewer. Writes only what changes.
 */
export const limitDomains = async (services: Services): Promise<void> => {
  const { d1, db, config } = services;
  const now = services.now();
  await fillDomains(db);
  const perSecond = config.domainRequestsPerSecond;
  const loads = Map.groupBy(await listDomainLoads(d1, noticedLoad(perSecond)), ({ domain }) => domain);
  const stretches = [...loads.values()].map((teams) => stretchesOf(teams, regularBudget(perSecond)));
  const changed = stretches.flat().filter(({ isChanged }) => isChanged);
  if (changed.length > 0) {
    const { meta } = await stretchMonitors(d1, changed, now);
    const domains = new Set(changed.map(({ domain }) => domain)).size;
    if (meta.changes > 0) log('dispatch', newId('run'), { stretched: meta.changes, domains });
  }
  const sent = stretches.map((teams) => ({
    domain: teams[0]?.domain ?? '',
    perHour: Math.ceil(teams.reduce((sum, { need, stretch }) => sum + need / stretch, 0)),
    noted: teams[0]?.noted ?? 0,
  }));
  const different = sent.filter(({ perHour, noted }) => perHour !== noted);
  if (different.length > 0) await noteRegularLoads(d1, different, now);
  await forgetRegularLoads(
    d1,
    sent.map(({ domain }) => domain),
  );
};

const stretchesOf = (
  teams: readonly DomainLoad[],
  budget: number,
): (DomainLoad & Stretch & { isChanged: boolean })[] => {
  const stretches = stretchesFor(
    teams.map(({ need }) => need),
    budget,
  );
  return teams.map((team, i) => {
    const stretch = stretches[i] ?? 1;
    return { ...team, stretch, isChanged: team.lowest !== stretch || team.highest !== stretch };
  });
};
