import { type Cohort, listCohorts, listMembers, type Member } from '../../db/checks/cohortMembers.ts';
import { claimMinute, finishMinute, releaseMinute } from '../../db/checks/dispatches.ts';
import { provisionalPlace } from '../../domain/checks/domainLoad.ts';
import { regionPlace } from '../../domain/checks/domainPlan.ts';
import { regionBit, regionBits, regions } from '../../domain/checks/region.ts';
import { cohortOffsetMs, dispatchWindow, regionStaggerMs, slotsBetween } from '../../domain/checks/schedule.ts';
import type { Span } from '../../domain/history/uptime.ts';
import { newId } from '../../ids.ts';
import { log, logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { chunks } from './chunks.ts';
import { type ChecksMessage, maxChecksPerMessage } from './message.ts';
import { sendTimeoutMs, trySending } from './sendMessages.ts';

/** A run's claim on its minute. A run that was killed delays others no longer than this. */
const claimMs = 30_000;

/** It starts no send near the end of its claim, so that its messages have left before another run begins. */
const sendWithinMs = claimMs - sendTimeoutMs;

/** A failed run tries again after this long, then more rarely, until the next cron has come. */
const tryAgainAfterMs = 2_000;
const maxPauseMs = 16_000;
const tryForMs = 60_000;

type Wait = (ms: number) => Promise<unknown>;

const wait: Wait = (ms) => scheduler.wait(ms);

/**
 * Dispatches the minute after the cron's own, and the cron's own if no earlier run did: one late, failed or missing cron
 * delays nothing. Cron is at-least-once: a minute that another run dispatched is skipped, and one that another run has
 * claimed is waited for, because that run may have been killed. Throws where a minute stays undispatched.
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

/** `until`: another run has claimed the minute until then (ms since the epoch). */
const dispatchOnce = async (services: Services, cronAt: number): Promise<'done' | { until: number }> => {
  const { minute, from, to } = dispatchWindow(cronAt);
  const claimedAt = services.now();
  const claim = await claimMinute(services, minute, claimedAt, claimMs);
  if (claim === 'done' || 'until' in claim) return claim;
  let { sent } = claim;
  try {
    const correlationId = newId('run');
    const all = await listCohorts(services.d1);
    const members = await listMembers(
      services.d1,
      all.filter((cohort) => cohortIsDue(cohort, from, to)),
    );
    const cohorts = all.filter(({ id }) => members.has(id));
    // Checks that are already past when a minute is made up are missing, not late.
    const since = Math.max(from, services.now());
    const messages = cohorts.flatMap((cohort) =>
      cohortMessages(cohort, members.get(cohort.id) ?? [], { from: since, to }, correlationId),
    );
    const unsent = messages.filter(({ region }) => (sent & regionBit(region)) === 0);
    const failures = await trySending(services, unsent, claimedAt + sendWithinMs);
    sent = regionBits(regions.filter((region) => !failures.has(region)));
    for (const { error } of failures.values()) throw error;
    const checks = messages.reduce((sum, message) => sum + message.monitors.length, 0);
    await finishMinute(services, minute, messages.length, checks);
    const durationMs = services.now() - claimedAt;
    log('dispatch', correlationId, { minute, cohorts: cohorts.length, batches: messages.length, checks, durationMs });
    return 'done';
  } catch (error) {
    // Where this fails as well, the claim expires by itself, and regions that have their messages get them twice.
    await releaseMinute(services, minute, claimedAt, sent).catch(() => undefined);
    throw error;
  }
};

const cohortIsDue = (cohort: Cohort, from: number, to: number) =>
  cohort.regions.some((_, index) => regionSlots(cohort, index, from, to).length > 0);

const regionSlots = (cohort: Cohort, index: number, from: number, to: number) =>
  slotsBetween(from, to, cohort.intervalSeconds * 1000, startOf(cohort, index));

/** From when the cohort's slots of a region count, ms. */
const startOf = (cohort: Cohort, index: number) =>
  cohortOffsetMs(cohort.id, cohort.intervalSeconds) +
  regionStaggerMs(index, cohort.regions.length, cohort.intervalSeconds);

const stretchOf = (members: readonly Member[]) => {
  const stretch = Math.max(...members.map((member) => member.stretch));
  return stretch > 1 ? { stretch } : {};
};

/**
 * The members to check in `[from, to)` from the region at `index`, with times: at the cohort's slots, or at times of their
 * own.
 */
const dueAt = (cohort: Cohort, members: readonly Member[], index: number, { from, to }: Span) => {
  const { regions: places, intervalSeconds } = cohort;
  const due = new Map<number, Member[]>();
  const add = (slots: readonly number[], own: readonly Member[]) => {
    for (const slot of slots) due.set(slot, [...(due.get(slot) ?? []), ...own]);
  };
  const isOrdinary = ({ place, stretch }: Member) => place === null && stretch === 1;
  const ordinary = members.filter(isOrdinary);
  if (ordinary.length > 0) add(regionSlots(cohort, index, from, to), ordinary);
  const placed = members.filter((member) => !isOrdinary(member));
  for (const own of Map.groupBy(
    placed,
    ({ place, stretch, number }) => `${stretch} ${place ?? `of ${number}`}`,
  ).values()) {
    const [{ number, stretch, place }] = own as [Member];
    const period = intervalSeconds * stretch;
    const second = regionPlace(place ?? provisionalPlace(number, period), index, places.length, period);
    add(slotsBetween(from, to, period * 1000, second * 1000), own);
  }
  return due;
};

/** The messages for a cohort's members in `[from, to)`: one per region, slot and lane with due checks. */
export const cohortMessages = (
  cohort: Cohort,
  members: readonly Member[],
  span: Span,
  correlationId: string,
): ChecksMessage[] =>
  cohort.regions.flatMap((region, index) => {
    const isSlow = (member: Member) => (member.slowRegions & regionBit(region)) !== 0;
    return [...dueAt(cohort, members, index, span)].flatMap(([slot, due]) => {
      const lanes = [
        ['normal', due.filter((member) => !isSlow(member))],
        ['slow', due.filter(isSlow)],
      ] as const;
      return lanes.flatMap(([lane, own]) =>
        chunks(own, maxChecksPerMessage).map((checked) => ({
          version: 1 as const,
          correlationId,
          cohort: cohort.id,
          intervalSeconds: cohort.intervalSeconds,
          ...stretchOf(checked),
          region,
          slot,
          lane,
          monitors: checked.map(({ number }) => number),
        })),
      );
    });
  });
