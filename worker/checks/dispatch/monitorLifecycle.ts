import { latestMinuteClaimedBy } from '../../db/checks/dispatches.ts';
import { isCrowded } from '../../db/checks/domainLoads.ts';
import { type ActiveMonitor, findActive } from '../../db/monitors/activeMonitor.ts';
import { mostPerSecond } from '../../domain/checks/domainLoad.ts';
import type { Region } from '../../domain/checks/region.ts';
import { dispatchLeadMs, dispatchWindowMs } from '../../domain/checks/schedule.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import type { Services } from '../../services.ts';
import { notifyDependents } from '../pipeline/dependents.ts';
import { cohortMessages } from './dispatch.ts';
import type { MonitorRef } from './monitorRef.ts';
import { askRegions, personWaitsMs } from './onDemand.ts';
import { sendMessages } from './sendMessages.ts';

/**
 * `rejudged`: what is known is to be judged by another policy, for which nobody has to look anew; `relabelled`: nothing
 * that checks or judgement depend on.
 */
export type MonitorChange = 'created' | 'changed' | 'rejudged' | 'relabelled' | 'paused' | 'resumed' | 'deleted';

/** Carries a person's change of a monitor to where it is checked, judged and shown. */
export const publishMonitorChange = async (
  services: Services,
  { change, ...ref }: MonitorRef & { change: MonitorChange },
): Promise<void> => {
  const correlationId = newId('run');
  await publishLiveEvent(services, ref.teamId, correlationId, { type: 'monitors-changed' });
  if (change === 'rejudged') await services.monitor(ref.id).follow(ref, correlationId);
  else if (change !== 'relabelled') await recheck(services, ref, correlationId);
};

/**
 * Looks once from every region, out of turn. Throws `rate_limited` where the target's domain has too many such checks
 * before it.
 */
export const checkNow = async (services: Services, monitor: number): Promise<void> => {
  const row = await findActive(services.d1, monitor);
  if (!row) return;
  const regions = JSON.parse(row.regions) as Region[];
  if ((await askRegions(services, monitor, regions, newId('run'), personWaitsMs)) !== 'refused') return;
  const perSecond = services.config.domainRequestsPerSecond;
  throw new PharosError(
    'rate_limited',
    `Checks of ${row.domain} are limited to ${perSecond} requests per second across all teams, and too many are waiting. Regular checks continue. Try again in a minute.`,
  );
};

/** Each part is of use without the others: what the object is not told, it finds out with the next loud outcome. */
const recheck = async (services: Services, ref: MonitorRef, correlationId: string) => {
  const parts = await Promise.allSettled([
    services.monitor(ref.id).follow(ref, correlationId),
    notifyDependents(services, ref.number, correlationId),
    look(services, ref, correlationId),
  ]);
  const failed = parts.find((part) => part.status === 'rejected');
  if (failed) throw failed.reason;
};

/** Who changes a monitor again and again gets no look for each: then the next dispatch is soon enough. */
const look = async (services: Services, ref: MonitorRef, correlationId: string) => {
  const row = await findActive(services.d1, ref.number);
  if (!row || !(await services.lookLimit.limit({ key: ref.id })).success) return;
  const regions = JSON.parse(row.regions) as Region[];
  await Promise.all([
    askRegions(services, ref.number, regions, correlationId, personWaitsMs),
    fillDispatched(services, row, regions, correlationId),
  ]);
};

/**
 * Sends the slots of the time that was dispatched before the monitor came to its cohort. A dispatch that was under way
 * just then may send some of them as well: looking twice is harmless, not looking is not.
 */
const fillDispatched = async (services: Services, row: ActiveMonitor, regions: Region[], correlationId: string) => {
  // Who comes to a crowded domain waits for a place there: many who come at once would all be sent in the same seconds.
  if (row.domain && (await isCrowded(services.d1, row.domain, mostPerSecond(services.config.domainRequestsPerSecond))))
    return;
  const now = services.now();
  const cohort = { id: row.cohort, intervalSeconds: row.interval_seconds, regions };
  const members = [{ number: row.number, cohort: row.cohort, slowRegions: 0, stretch: row.stretch, place: null }];
  const until = dispatchedUntil(await latestMinuteClaimedBy(services.d1, row.joined_at + 1_000));
  await sendMessages(services, cohortMessages(cohort, members, { from: now + 1_000, to: until }, correlationId));
};

/** End of the time whose checks were sent by runs up to the one of this minute. */
const dispatchedUntil = (minute: number | null) => (minute ?? 0) + dispatchLeadMs + dispatchWindowMs;
