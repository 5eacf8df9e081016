import { isChecked } from '../domain/domainLoad.ts';
import { type Region, regions } from '../domain/region.ts';
import { cohortOffsetMs, dispatchWindow, regionStaggerMs, slotsBetween } from '../domain/schedule.ts';
import { newId } from '../ids.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';
import { regionBit } from './check.ts';
import { type ChecksMessage, maxChecksPerMessage } from './message.ts';

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
}

/** A queue takes at most 100 messages and 256,000 bytes at once; a message of ours is below 1,500 bytes. */
const messagesPerSend = 100;

/** A run that has not finished its minute after this long is taken to have failed: cron comes once a minute. */
const claimMs = 50_000;

/**
 * Dispatches the minute after the cron's own, and the cron's own if no earlier run did: a cron that comes late, fails
 * or does not come once delays nothing. Cron is at-least-once: a minute that another run does or did is left alone.
 */
export const dispatchMinute = async (services: Services, cronAt: number): Promise<void> => {
  await dispatchWindowOnce(services, cronAt - 60_000);
  await dispatchWindowOnce(services, cronAt);
};

const dispatchWindowOnce = async (services: Services, cronAt: number) => {
  const { minute, from, to } = dispatchWindow(cronAt);
  const now = services.now();
  if (!(await claimMinute(services, minute, now))) return;
  const correlationId = newId('run');
  const cohorts = (await listCohorts(services)).filter((cohort) => cohortIsDue(cohort, from, to));
  const members = await listMembers(services, cohorts);
  const messages = cohorts.flatMap((cohort) => {
    const own = members.get(cohort.id) ?? [];
    // What lies in the past when a minute is caught up with is missing, not late.
    return cohortMessages(cohort, own, Math.max(from, now), to, correlationId);
  });
  await sendMessages(services, messages, now);
  const checks = messages.reduce((sum, message) => sum + message.monitors.length, 0);
  await finishMinute(services, minute, messages.length, checks);
  log('dispatch', correlationId, {
    minute,
    cohorts: cohorts.length,
    messages: messages.length,
    checks,
    durationMs: services.now() - now,
  });
};

const claimMinute = async ({ d1 }: Services, minute: number, now: number) => {
  const claim = await d1
    .prepare(
      `INSERT INTO dispatches (minute, claimed_at) VALUES (?1, ?2)
       ON CONFLICT DO UPDATE SET claimed_at = ?2 WHERE finished_at IS NULL AND claimed_at <= ?2 - ?3`,
    )
    .bind(minute, now, claimMs)
    .run();
  return claim.meta.changes === 1;
};

const finishMinute = ({ d1, now }: Services, minute: number, messages: number, checks: number) =>
  d1
    .prepare('UPDATE dispatches SET finished_at = ?2, messages = ?3, checks = ?4 WHERE minute = ?1')
    .bind(minute, now(), messages, checks)
    .run();

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
      `SELECT m.number, m.cohort, m.slow_regions, m.stretch, (m.suspect OR m.verdict = 'down') AS failing
       FROM json_each(?1) AS due JOIN monitors AS m ON m.cohort = due.value
       ORDER BY m.number`,
    )
    .bind(JSON.stringify(cohorts.map((cohort) => cohort.id)))
    .all<{ number: number; cohort: number; slow_regions: number; stretch: number; failing: number }>();
  const everywhere = regions.reduce((bits, region) => bits | regionBit(region), 0);
  const members = results.map((row) => ({
    number: row.number,
    cohort: row.cohort,
    slowRegions: row.failing ? everywhere : row.slow_regions,
    stretch: row.stretch,
  }));
  return Map.groupBy(members, (member) => member.cohort);
};

const regionSlots = (cohort: Cohort, index: number, from: number, to: number) =>
  slotsBetween(from, to, cohort.intervalSeconds * 1000, startOf(cohort, index));

/** Where in time the cohort's slots of a region begin to count, ms. */
const startOf = (cohort: Cohort, index: number) =>
  cohortOffsetMs(cohort.id, cohort.intervalSeconds) +
  regionStaggerMs(index, cohort.regions.length, cohort.intervalSeconds);

/** The messages for a cohort's members in `[from, to)`: one per region, slot and lane in which some are checked. */
export const cohortMessages = (
  cohort: Cohort,
  members: readonly Member[],
  from: number,
  to: number,
  correlationId: string,
): ChecksMessage[] =>
  cohort.regions.flatMap((region, index) => {
    const isSlow = (member: Member) => (member.slowRegions & regionBit(region)) !== 0;
    const lanes = [
      ['normal', members.filter((member) => !isSlow(member))],
      ['slow', members.filter(isSlow)],
    ] as const;
    const place = { index, count: cohort.regions.length };
    return regionSlots(cohort, index, from, to).flatMap((slot) => {
      const round = (slot - startOf(cohort, index)) / (cohort.intervalSeconds * 1000);
      return lanes.flatMap(([lane, group]) =>
        chunks(
          group.filter((member) => isChecked(member, round, place)).map((member) => member.number),
          maxChecksPerMessage,
        ).map((monitors) => ({
          version: 1 as const,
          correlationId,
          cohort: cohort.id,
          intervalSeconds: cohort.intervalSeconds,
          region,
          slot,
          lane,
          monitors,
        })),
      );
    });
  });

/** Hands each message to its region's queue, to arrive when its slot comes (a queue delays by whole seconds). */
export const sendMessages = async (services: Services, messages: readonly ChecksMessage[], now: number) => {
  const sends = [...Map.groupBy(messages, (message) => message.region)].flatMap(([region, own]) =>
    chunks(own, messagesPerSend).map((group) =>
      services
        .queue(region)
        .sendBatch(group.map((body) => ({ body, delaySeconds: Math.max(0, Math.round((body.slot - now) / 1000)) }))),
    ),
  );
  await Promise.all(sends);
};

/** Consecutive pieces of at most `size`. */
export const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
