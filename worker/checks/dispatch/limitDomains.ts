import {
  type DomainLoad,
  fillDomains,
  forgetRegularLoads,
  listDomainLoads,
  listMonitorsOf,
  noteRegularLoads,
  type Placement,
  type PlannedMonitor,
  placeMonitors,
} from '../../db/checks/domainLoads.ts';
import {
  mayRelax,
  mostPerSecond,
  notedLoad,
  noticedLoad,
  regularBudget,
  slowdownsFor,
  stretchAfter,
  stretchFor,
} from '../../domain/checks/domainLoad.ts';
import { type Placeable, planDomains } from '../../domain/checks/domainPlan.ts';
import { newId } from '../../ids.ts';
import { log } from '../../log.ts';
import type { Services } from '../../services.ts';

/**
 * Plans the regular checks of crowded domains, for all teams together, before the minute is dispatched: each monitor's rate
 * and second. Writes only changes.
 */
export const limitDomains = async (services: Services): Promise<void> => {
  const { d1, db, config } = services;
  const now = services.now();
  await fillDomains(db);
  const perSecond = config.domainRequestsPerSecond;
  const above = noticedLoad(perSecond);
  const loads = await listDomainLoads(d1, { above, monitorsAbove: Math.floor(above / 3_600) });
  const domains = [...Map.groupBy(loads, ({ domain }) => domain)].map(([name, own]) => domainOf(name, own, perSecond));
  const peaks = domains.some(hasToChange) ? await plan(services, domains, now) : new Map<string, number>();

  const busy = domains.filter((domain) => domain.inOneSecond * 3_600 > above);
  const sent = busy.map(({ name, isCrowded, inOneSecond, noted }) => {
    const peak = isCrowded ? peaks.get(name) : inOneSecond;
    return { domain: name, noted, perHour: peak === undefined ? noted : notedLoad(peak, perSecond) };
  });
  const different = sent.filter(({ perHour, noted }) => perHour !== noted);
  if (different.length > 0) await noteRegularLoads(d1, different, now);
  await forgetRegularLoads(
    d1,
    sent.map(({ domain }) => domain),
  );
};

interface Domain {
  name: string;
  loads: DomainLoad[];
  /** By team: the number of intervals between two checks of a monitor. */
  slowdowns: Map<string, number>;
  /** Its checks exceed the domain's limit, within one second or in the long run. */
  isCrowded: boolean;
  /** The number of its checks that could meet in one second without a plan. */
  inOneSecond: number;
  noted: number;
}

const domainOf = (name: string, loads: DomainLoad[], perSecond: number): Domain => {
  const teams = [...Map.groupBy(loads, ({ teamId }) => teamId)];
  const needs = teams.map(([, own]) => own.reduce((sum, { need }) => sum + need, 0));
  const slowdowns = slowdownsFor(needs, regularBudget(perSecond));
  const inOneSecond = loads.reduce((sum, { monitors }) => sum + monitors, 0);
  return {
    ...{ name, loads, inOneSecond, noted: loads[0]?.noted ?? 0 },
    slowdowns: new Map(teams.map(([teamId], i) => [teamId, slowdowns[i] ?? 1])),
    isCrowded: inOneSecond > mostPerSecond(perSecond) || slowdowns.some((slowdown) => slowdown > 1),
  };
};

const hasToChange = ({ isCrowded, loads, slowdowns, noted }: Domain) =>
  isCrowded
    ? noted === 0 ||
      loads.some(({ teamId, intervalSeconds, monitors, placed, lowest, highest }) => {
        const stretch = stretchFor(slowdowns.get(teamId) ?? 1, intervalSeconds);
        return placed < monitors || lowest !== stretch || highest !== stretch;
      })
    : loads.some(({ placed, highest }) => placed > 0 || highest > 1);

/** Returns how many checks are in the fullest second of each crowded domain. */
const plan = async (services: Services, domains: readonly Domain[], now: number): Promise<Map<string, number>> => {
  const { d1, config } = services;
  const crowded = new Map(domains.filter(({ isCrowded }) => isCrowded).map((domain) => [domain.name, domain]));
  const listed = domains.filter((domain) => domain.isCrowded || hasToChange(domain)).map(({ name }) => name);
  const monitors = await listMonitorsOf(d1, listed);
  const wanted = monitors.map((monitor) => wantedOf(monitor, crowded, now));
  const { slots, peaks } = planDomains(
    wanted.filter(({ domains: own }) => own.length > 0),
    mostPerSecond(config.domainRequestsPerSecond),
  );
  const placements = wanted.flatMap((one, i): Placement[] => {
    const { number, intervalSeconds } = one;
    const slot = slots.get(number);
    const stretch = (slot?.period ?? one.period) / intervalSeconds;
    const place = slot?.place ?? one.place;
    const before = monitors[i];
    return before?.stretch === stretch && before.place === place ? [] : [{ number, intervalSeconds, stretch, place }];
  });
  if (placements.length > 0) {
    await placeMonitors(d1, placements, now);
    log('dispatch', newId('run'), { placed: placements.length, domains: crowded.size });
  }
  return peaks;
};

/** Monitors with a changed rate, or without a plan, get a new place. */
const wantedOf = (monitor: PlannedMonitor, crowded: ReadonlyMap<string, Domain>, now: number): Placeable => {
  const { number, cohort, intervalSeconds, regions, teamId } = monitor;
  const redirects = Object.keys(JSON.parse(monitor.redirectDomains ?? '{}') as Record<string, number>);
  const domains = [...new Set([monitor.domain, ...redirects])].filter((name) => crowded.has(name));
  const slowdown = Math.max(1, ...domains.map((name) => crowded.get(name)?.slowdowns.get(teamId) ?? 1));
  const fitting = stretchFor(slowdown, intervalSeconds);
  const stretch = stretchAfter(monitor, fitting, now);
  const isReleased = domains.length === 0 && mayRelax(monitor, now);
  const place = stretch !== monitor.stretch || isReleased ? null : monitor.place;
  return { number, cohort, intervalSeconds, period: intervalSeconds * stretch, regions, domains, place };
};
