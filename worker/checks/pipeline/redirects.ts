import { takeDomainTurn } from '../../db/checks/domainTurns.ts';
import { learnRedirect } from '../../db/checks/redirects.ts';
import { domainOf as targetDomain } from '../../db/monitors/domainOf.ts';
import { isPlanned, withRedirect } from '../../domain/checks/redirects.ts';
import { registrableDomain } from '../../domain/checks/registrableDomain.ts';
import type { Services } from '../../services.ts';
import type { Check } from './batch.ts';

/** How long a check waits for the turn of a domain to which its target redirects, ms. */
const waitsMs = 1_000;

/** Longer than that wait and D1's response: later, whether a check may continue is unknown. */
const decidesWithinMs = 3_000;

type Redirecting = Pick<Check, 'monitor' | 'teamId' | 'target' | 'redirectDomains'>;

/**
 * Whether one check may follow its target to another address. Each request counts for the registrable domain that gets it:
 * the first of a check is part of that domain's plan, once the redirect is known, and any other takes a turn, like on-demand
 * checks. A check may return once to its first domain. Throws where that cannot be determined.
 */
export const followsRedirects = (services: Services, check: Redirecting): ((url: string) => Promise<boolean>) => {
  let way: Way | undefined;
  return async (url) => {
    // Only now: most checks have no redirect, and to find a registrable domain takes longer than all else in this check.
    way ??= wayOf(check, services.now());
    const domain = domainOf(url);
    if (domain === way.at) return true;
    const left = way.free.get(domain) ?? 0;
    if (left > 0) way.free.set(domain, left - 1);
    else if (!(await inTime(mayEnter(services, check, domain)))) return false;
    way.at = domain;
    return true;
  };
};

/** The present domain of a check, and how often it may still enter others without a turn. */
interface Way {
  at: string;
  free: Map<string, number>;
}

const wayOf = ({ target, redirectDomains }: Redirecting, now: number): Way => {
  const { kind, ...settings } = target;
  const own = targetDomain(kind, settings);
  const planned = Object.entries(redirectDomains).filter(([, since]) => isPlanned(since, now));
  return { at: own, free: new Map([[own, 1], ...planned.map(([domain]) => [domain, 1] as const)]) };
};

const domainOf = (url: string) => registrableDomain(new URL(url).hostname);

/** Stores the redirect's domain, and waits for a turn there. */
const mayEnter = async (services: Services, { monitor, teamId, redirectDomains }: Redirecting, domain: string) => {
  if (!(domain in redirectDomains)) {
    const next = withRedirect(redirectDomains, domain, services.now());
    if (next) await learnRedirect(services.d1, monitor, redirectDomains, next);
    // A monitor that redirects to many domains takes turns for each check: as many as a team may cost.
    else if (!(await services.lookLimit.limit({ key: `redirects of ${teamId}` })).success) return false;
  }
  const waitMs = await takeDomainTurn(services, { domain, teamId, requests: 1, maxWaitMs: waitsMs });
  if (waitMs === null) return false;
  if (waitMs > 0) await scheduler.wait(waitMs);
  return true;
};

const inTime = async <T>(work: Promise<T>): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No turn within ${decidesWithinMs} ms`)), decidesWithinMs);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
};
