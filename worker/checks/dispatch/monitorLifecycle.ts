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
 * `rejudged`: the known outcomes are judged by another policy, without new checks; `relabelled`: nothing that affects checks
 * or verdicts.
 */
export type MonitorChange = 'created' | 'changed' | 'rejudged' | 'relabelled' | 'paused' | 'resumed' | 'deleted';

/** Passes a person's change of a monitor to its checks, its object and the dashboards. */
export const publishMonitorChange = async (
  services: Services,
  { change, ...ref }: MonitorRef & { change: MonitorChange },
): Promise<void> => {
  const correlationId = newId('run');
  await publishLiveEvent(services, ref.teamId, correlationId, { type: 'monitors-changed' });
  if (change === 'rejudged') await services.monitor(ref.id).follow(ref, correlationId);
  else if (change !== 'relabelled') await recheck(services, ref, correlationId);
};

/** Runs one on-demand check from every region. Throws `rate_limited` where the target's domain already has too many of them. */
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

/** Each part is useful without the others: an object that misses the call finds the change with its next loud outcome. */
const recheck = async (services: Services, ref: MonitorRef, correlationId: string) => {
  const parts = await Promise.allSettled([
    services.monitor(ref.id).follow(ref, correlationId),
    notifyDependents(services, ref.number, correlationId),
    look(services, ref, correlationId),
  ]);
  const failed = parts.find((part) => part.status === 'rejected');
  if (failed) throw failed.reason;
};

/** Repeated changes do not get a check each: then the next dispatch is soon enough. */
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
 * Sends the slots of the time that was dispatched before the monitor joined its cohort. A concurrent dispatch may send some
 * of them as well: a second check is harmless, a missing one is not.
 */
const fillDispatched = async (services: Services, row: ActiveMonitor, regions: Region[], correlationId: string) => {
  // New monitors of a crowded domain wait for a place there: otherwise many new ones would be checked in the same seconds.
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
