import { isLoud } from '../domain/outcome.ts';
import type { Services } from '../services.ts';
import { appendTicks } from '../ticks/append.ts';
import { toTickView } from '../ticks/view.ts';
import { type Batch, type CheckResult, regionBit } from './check.ts';
import { noteFailures } from './failures.ts';
import { tellFeed } from './tellFeed.ts';

/** A monitor that would keep a call of the normal lane waiting travels in the slow lane of its region, until it is quick. */
const slowAboveMs = 3_000;
const quickBelowMs = 1_500;

/**
 * What happens to outcomes, whoever brings them (the consumer in time, a Prober its stragglers): they are stored, loud
 * ones go to their Monitor objects, and open dashboards are shown them. Everything here may happen twice. Throws where
 * storing or judging failed, so that the message comes again; a feed that fails is only logged.
 */
export const deliver = async (services: Services, batch: Batch, results: readonly CheckResult[]) => {
  if (results.length === 0) return { loud: 0 };
  const loud = results.filter(({ check, outcome }) => isLoud(check.known, outcome));
  // Beside each other: a database that stores no ticks must not keep an outage from being judged.
  const done = await Promise.allSettled([
    appendTicks(services, batch, results),
    ...judge(services, batch, loud),
    noteSpeed(services, batch, results),
    noteFailures(services, batch, loud),
    publish(services, batch, results),
  ]);
  const failed = done.find((d) => d.status === 'rejected');
  if (failed) throw failed.reason;
  return { loud: loud.length };
};

const judge = (services: Services, { correlationId }: Batch, loud: readonly CheckResult[]) =>
  loud.map(({ check, outcome }) => {
    const ref = { id: check.monitorId, number: check.monitor, teamId: check.teamId };
    const tell = async () => services.monitor(ref.id).observe(ref, outcome, check.changedAt, correlationId);
    // Once more here, with a new stub: otherwise one object that restarts has all monitors of the batch probed again.
    return tell().catch(tell);
  });

/** Writes only where a monitor changes lanes. */
const noteSpeed = async ({ d1 }: Services, batch: Batch, results: readonly CheckResult[]) => {
  const numbers = (changed: readonly CheckResult[]) => JSON.stringify(changed.map(({ check }) => check.monitor));
  const slower = results.filter((r) => !r.check.known.slow && isSlow(r));
  const quicker = results.filter((r) => r.check.known.slow && isQuick(r));
  const bit = regionBit(batch.region);
  const statements = [
    ...(slower.length > 0
      ? [
          d1
            .prepare(
              'UPDATE monitors SET slow_regions = slow_regions | ?2 WHERE number IN (SELECT value FROM json_each(?1))',
            )
            .bind(numbers(slower), bit),
        ]
      : []),
    ...(quicker.length > 0
      ? [
          d1
            .prepare(
              'UPDATE monitors SET slow_regions = slow_regions & ~?2 WHERE number IN (SELECT value FROM json_each(?1))',
            )
            .bind(numbers(quicker), bit),
        ]
      : []),
  ];
  if (statements.length > 0) await d1.batch(statements);
};

const isSlow = ({ outcome }: CheckResult) => outcome.latencyMs > slowAboveMs;
const isQuick = ({ outcome }: CheckResult) => outcome.health !== 'down' && outcome.latencyMs < quickBelowMs;

const publish = async (services: Services, { correlationId }: Batch, results: readonly CheckResult[]) => {
  const byTeam = Map.groupBy(
    results.filter(({ check }) => check.watched),
    ({ check }) => check.teamId,
  );
  await Promise.all(
    [...byTeam].map(([teamId, own]) =>
      tellFeed(services, teamId, correlationId, {
        type: 'ticks',
        ticks: own.map(({ check, outcome }) => toTickView(check.monitorId, outcome)),
      }),
    ),
  );
};
