import { claimMinute, finishMinute, releaseMinute } from '../db/dispatches.ts';
import { isChecked, spreadOver } from '../domain/domainLoad.ts';
import { type Region, regions } from '../domain/region.ts';
import { cohortOffsetMs, dispatchWindow, regionStaggerMs, slotsBetween } from '../domain/schedule.ts';
import type { Span } from '../domain/uptime.ts';
import { newId } from '../ids.ts';
import { log, logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import { regionBit } from './check.ts';
import { type ChecksMessage, maxChecksPerMessage } from './message.ts';
import { chunks, sendTimeoutMs, trySending } from './sendMessages.ts';

interface Cohort {
  id: number;
  intervalSeconds: number;
  regions: Region[];
}

interface Member {
  number: number;
  cohort: number;
  /** Bits of the regions in which it travels in the slow lane. */
  slowRegions: number;
  /** It is checked in one of so many slots. */
  stretch: number;
  /** Registrable; null where it is not known yet. */
  domain: string | null;
}

/** A run has its minute for so long: where it was ended without a word, no other waits longer for it. */
const claimMs = 30_000;

/** It begins no send in the last of it, so that its messages have left before another run begins. */
const sendWithinMs = claimMs - sendTimeoutMs;

/** A run that fails tries again, at first after this long and then more rarely, until the next cron has come. */
const tryAgainAfterMs = 2_000;
const maxPauseMs = 16_000;
const tryForMs = 60_000;

type Wait = (ms: number) => Promise<unknown>;

const wait: Wait = (ms) => scheduler.wait(ms);

/**
 * Dispatches the minute after the cron's own, and the cron's own if no earlier run did: a cron that comes late, fails
 * or does not come once delays nothing. Cron is at-least-once: a minute that another run did is left alone, and one that
 * another run is at is waited for, because that run may have been ended. Throws where a minute stays undone.
 */
export const dispatchMinute = async (services: Services, cronAt: number, sleep = wait): Promise<void> => {
  const runs = [cronAt - 60_000, cronAt].map((at) => dispatchUntilDone(services, at, sleep));
  const failed = (await Promise.allSettled(runs)).find((run) => run.status === 'rejected');
  if (failed) throw failed.reason;
};

const dispatchUntilDone = async (services: Services, cronAt: number, sleep: Wait) => {
  const { minute, to } = dispatchWindow(cronAt);
  const endsAt = Math.min(to, services.now() + tryForMs);
  for (let failures = 0; ; ) {
    const result = await dispatchOnce(services, cronAt).catch((error: unknown) => ({ error }));
    if (result === 'done') return;
    if ('error' in result) logFailure('dispatch', 'none', result.error, { minute, attempts: ++failures });
    const now = services.now();
    const pauseMs =
      'error' in result ? Math.min(maxPauseMs, tryAgainAfterMs * 2 ** (failures - 1)) : result.until - now;
    if (now + pauseMs < endsAt) await sleep(pauseMs);
    else if ('error' in result) throw result.error;
    else return;
  }
};

/** `until`: another run is at it, and has it for so long (ms since the epoch). */
const dispatchOnce = async (services: Services, cronAt: number): Promise<'done' | { until: number }> => {
  const { minute, from, to } = dispatchWindow(cronAt);
  const claimedAt = services.now();
  const claim = await claimMinute(services, minute, claimedAt, claimMs);
  if (claim === 'done' || 'until' in claim) return claim;
  let { sent } = claim;
  try {
    const correlationId = newId('run');
    const cohorts = (await listCohorts(services)).filter((cohort) => cohortIsDue(cohort, from, to));
    const members = await listMembers(services, cohorts);
    const perSecond = services.config.domainRequestsPerSecond;
    // What lies in the past when a minute is made up is missing, not late.
    const since = Math.max(from, services.now());
    const messages = cohorts.flatMap((cohort) =>
      cohortMessages(cohort, members.get(cohort.id) ?? [], { from: since, to }, perSecond, correlationId),
    );
    const unsent = messages.filter(({ region }) => (sent & regionBit(region)) === 0);
    const failures = await trySending(services, unsent, claimedAt + sendWithinMs);
    sent = bitsOf(regions.filter((region) => !failures.has(region)));
    for (const { error } of failures.values()) throw error;
    const checks = messages.reduce((sum, message) => sum + message.monitors.length, 0);
    await finishMinute(services, minute, messages.length, checks);
    const durationMs = services.now() - claimedAt;
    log('dispatch', correlationId, { minute, cohorts: cohorts.length, messages: messages.length, checks, durationMs });
    return 'done';
  } catch (error) {
    // Where this fails as well, the claim ends by itself, and regions that have their messages get them twice.
    await releaseMinute(services, minute, claimedAt, sent).catch(() => undefined);
    throw error;
  }
};

const bitsOf = (those: readonly Region[]) => those.reduce((bits, region) => bits | regionBit(region), 0);

const listCohorts = async ({ d1 }: Services): Promise<Cohort[]> => {
  const { results } = await d1
    .prepare('SELECT id, interval_seconds, regions FROM cohorts WHERE size > 0')
    .all<{ id: number; interval_seconds: number; regions: string }>();
  return results.map((row) => ({
    id: row.id,
    intervalSeconds: row.interval_seconds,
    regions: row.regions.split(',') as Region[],
  }));
};

const cohortIsDue = (cohort: Cohort, from: number, to: number) =>
  cohort.regions.some((_, index) => regionSlots(cohort, index, from, to).length > 0);

const listMembers = async ({ d1 }: Services, cohorts: readonly Cohort[]): Promise<Map<number, Member[]>> => {
  const { results } = await d1
    .prepare(
      `SELECT m.number, m.cohort, m.slow_regions, m.stretch, m.domain, (m.suspect OR m.verdict = 'down') AS failing
       FROM json_each(?1) AS due JOIN monitors AS m ON m.cohort = due.value
       ORDER BY m.number`,
    )
    .bind(JSON.stringify(cohorts.map((cohort) => cohort.id)))
    .all<Omit<Member, 'slowRegions'> & { slow_regions: number; failing: number }>();
  const everywhere = bitsOf(regions);
  const members = results.map((row) => ({
    number: row.number,
    cohort: row.cohort,
    slowRegions: row.failing ? everywhere : row.slow_regions,
    stretch: row.stretch,
    domain: row.domain,
  }));
  return Map.groupBy(members, (member) => member.cohort);
};

const regionSlots = (cohort: Cohort, index: number, from: number, to: number) =>
  slotsBetween(from, to, cohort.intervalSeconds * 1000, startOf(cohort, index));

/** Where in time the cohort's slots of a region begin to count, ms. */
const startOf = (cohort: Cohort, index: number) =>
  cohortOffsetMs(cohort.id, cohort.intervalSeconds) +
  regionStaggerMs(index, cohort.regions.length, cohort.intervalSeconds);

const stretchOf = (members: readonly Member[]) => {
  const stretch = Math.max(...members.map((member) => member.stretch));
  return stretch > 1 ? { stretch } : {};
};

/**
 * The messages for a cohort's members in `[from, to)`: one per region, slot and lane in which some are checked; and where
 * more than `perSecond` of them would ask one domain in the same second, one for each second over which these are spread.
 */
export const cohortMessages = (
  cohort: Cohort,
  members: readonly Member[],
  { from, to }: Span,
  perSecond: number,
  correlationId: string,
): ChecksMessage[] =>
  cohort.regions.flatMap((region, index) => {
    const isSlow = (member: Member) => (member.slowRegions & regionBit(region)) !== 0;
    const place = { index, count: cohort.regions.length };
    return regionSlots(cohort, index, from, to).flatMap((slot) => {
      const round = (slot - startOf(cohort, index)) / (cohort.intervalSeconds * 1000);
      const due = members.filter((member) => isChecked(member, round, place));
      return spreadOver(due, perSecond, cohort.intervalSeconds).flatMap(({ afterSeconds, members: group }) => {
        const lanes = [
          ['normal', group.filter((member) => !isSlow(member))],
          ['slow', group.filter(isSlow)],
        ] as const;
        return lanes.flatMap(([lane, own]) =>
          chunks(own, maxChecksPerMessage).map((checked) => ({
            version: 1 as const,
            correlationId,
            cohort: cohort.id,
            intervalSeconds: cohort.intervalSeconds,
            ...stretchOf(checked),
            region,
            slot: slot + afterSeconds * 1000,
            lane,
            monitors: checked.map(({ number }) => number),
          })),
        );
      });
    });
  });
