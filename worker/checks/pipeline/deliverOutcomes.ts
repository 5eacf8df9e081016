import { databaseRests } from '../../db/core/retrying.ts';
import { isLoud } from '../../domain/checks/outcome.ts';
import { publishLiveEvent } from '../../live/publishLiveEvent.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { appendTicks } from '../../ticks/append.ts';
import type { Tick } from '../../ticks/tick.ts';
import { toTickView } from '../../ticks/view.ts';
import { gathererName } from '../regions/proberName.ts';
import type { Batch, CheckResult } from './batch.ts';
import { noteFailures } from './failures.ts';

/**
 * Stores and judges outcomes that ended in time. Idempotent. Ticks that D1 does not take are kept by a Prober, so that no
 * target is probed again. Throws where they cannot be kept either, or judging failed, so that the message is redelivered.
 */
export const deliverOutcomes = async (services: Services, batch: Batch, results: readonly CheckResult[]) => {
  if (results.length === 0) return { loud: 0 };
  const ticks = results.map(({ check, outcome: { answer: _, ...outcome } }) => ({ monitor: check.monitor, outcome }));
  // In parallel: a database that stores no ticks must not keep an outage from being judged.
  const [stored, judged] = await Promise.allSettled([store(services, batch, ticks), judge(services, batch, results)]);
  if (stored.status === 'rejected') throw stored.reason;
  if (judged.status === 'rejected') throw judged.reason;
  return judged.value;
};

const store = async (services: Services, batch: Batch, ticks: readonly Tick[]): Promise<void> => {
  if (!databaseRests()) {
    try {
      return await appendTicks(services, batch, ticks);
    } catch (error) {
      const { cohort, region, slot } = batch;
      logFailure('backlog', batch.correlationId, error, { cohort, region, slot, held: ticks.length });
    }
  }
  await services.prober(batch.region, gathererName(services, batch)).hold(batch, [...ticks]);
};

/**
 * Sends loud outcomes to their Monitor objects, and all outcomes to open dashboards. Idempotent. Throws where judging failed;
 * a failing feed is only logged.
 */
export const judge = async (services: Services, batch: Batch, results: readonly CheckResult[]) => {
  const loud = results.filter(({ check, outcome }) => isLoud(check.known, outcome));
  const done = await Promise.allSettled([
    ...observe(services, batch, loud),
    noteFailures(services, batch, loud),
    publish(services, batch, results),
  ]);
  const failed = done.find((d) => d.status === 'rejected');
  if (failed) throw failed.reason;
  return { loud: loud.length };
};

const observe = (services: Services, { correlationId }: Batch, loud: readonly CheckResult[]) =>
  loud.map(({ check, outcome }) => {
    const ref = { id: check.monitorId, number: check.monitor, teamId: check.teamId };
    const send = async () => services.monitor(ref.id).observe(ref, outcome, check.changedAt, correlationId);
    // One retry with a new stub: otherwise one restarting object would have all monitors of the batch probed again.
    return send().catch(send);
  });

const publish = async (services: Services, { correlationId }: Batch, results: readonly CheckResult[]) => {
  const byTeam = Map.groupBy(
    results.filter(({ check }) => check.watched),
    ({ check }) => check.teamId,
  );
  await Promise.all(
    [...byTeam].map(([teamId, own]) =>
      publishLiveEvent(services, teamId, correlationId, {
        type: 'ticks',
        ticks: own.map(({ check, outcome }) => toTickView(check.monitorId, outcome)),
      }),
    ),
  );
};
