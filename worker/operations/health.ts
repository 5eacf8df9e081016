import type { HealthView } from '../contract/health.ts';
import { countFailingChannels } from '../db/channels/failingChannels.ts';
import { oldestMembership } from '../db/checks/cohorts.ts';
import { hasCronRun, lastDispatchedMinute } from '../db/checks/dispatches.ts';
import { listDistrusts } from '../db/checks/distrusts.ts';
import { listLags } from '../db/checks/queueLag.ts';
import type { Database } from '../db/core/client.ts';
import { countOverdue, overdueMs } from '../db/deliveries/overdue.ts';
import { countDeadLetters } from '../db/operations/deadLetters.ts';
import { readPing } from '../db/operations/deadMan.ts';
import { readStorage } from '../db/operations/storage.ts';
import { hasUsers } from '../db/teams/accounts.ts';
import { cronStartsBy } from '../domain/checks/schedule.ts';
import { storageLevel, usedPercent } from '../domain/operations/storage.ts';
import { toIsoTime, toIsoTimeOrNull } from '../domain/time/toIsoTime.ts';
import { logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import { within } from '../within.ts';

/** Cron runs once a minute and may come a minute late. */
const minutesLimitMs = 180_000;
const hourMs = 3_600_000;
/** A database that hangs must not block the response. */
const partTimeoutMs = 2_000;

type Part<Name extends keyof HealthView['checks']> = Promise<HealthView['checks'][Name]>;

const checkDatabase = async ({ db, now }: Services): Part<'database'> => {
  const begun = now();
  await hasUsers(db);
  return { ok: true, latencyMs: now() - begun };
};

/**
 * `not_started`: no cron has run yet, which is normal for a quarter of an hour after the deployment; `stopped`: the cron ran
 * before, or none came in that time and a monitor waits.
 */
const checkDispatch = async ({ db, now, deployedAt }: Services): Part<'dispatch'> => {
  const minute = await lastDispatchedMinute(db);
  if (minute === null) return checkFirstDispatch(db, now(), cronStartsBy(deployedAt));
  const ageMs = now() - minute;
  const ok = ageMs <= minutesLimitMs;
  return {
    ok,
    state: ok ? 'running' : 'stopped',
    lastMinute: toIsoTime(minute),
    ageSeconds: Math.round(ageMs / 1000),
  };
};

const checkFirstDispatch = async (db: Database, now: number, startsBy: number): Part<'dispatch'> => {
  const none = { lastMinute: 'never', ageSeconds: null } as const;
  if (!(await hasCronRun(db)) && now <= startsBy)
    return { ok: true, state: 'not_started', startsBy: toIsoTime(startsBy), ...none };
  const waitingSince = (await oldestMembership(db)) ?? now;
  const ok = now - waitingSince <= minutesLimitMs;
  return { ok, state: ok ? 'not_started' : 'stopped', ...none };
};

/** Before the first cron run the queues are empty, so nothing can be late in one. */
const checkQueues = async ({ db, now }: Services): Part<'queues'> => {
  const lags = (await hasCronRun(db)) ? await listLags(db, now()) : [];
  const late = lags.filter((lag) => lag.lagMs > lag.allowedMs);
  const most = Math.max(0, ...lags.map((lag) => lag.lagMs));
  const lateRegions = [...new Set(late.map((lag) => lag.region))];
  return { ok: late.length === 0, lagSeconds: Math.round(most / 1000), lateRegions };
};

/** A failing channel is its team's matter: otherwise anybody's wrong address would make the whole installation fail. */
const checkAlerts = async ({ d1, now }: Services): Part<'alerts'> => {
  const [overdue, failingChannels] = await Promise.all([countOverdue(d1, now() - overdueMs), countFailingChannels(d1)]);
  return {
    ok: overdue.count === 0,
    overdue: overdue.count,
    overdueSince: toIsoTimeOrNull(overdue.since),
    failingChannels,
  };
};

const checkDeadLetters = async ({ d1, now }: Services): Part<'deadLetters'> => {
  const { recent, total, queues } = await countDeadLetters(d1, now() - hourMs);
  return { ok: recent === 0, lastHour: recent, total, queues };
};

/** Ticks are deleted before the database is full, so `ok` ends where that was not enough. */
const checkStorage = async ({ config, d1 }: Services): Part<'storage'> => {
  const limitBytes = config.databaseLimitBytes;
  const found = await readStorage(d1);
  const sizeBytes = found?.sizeBytes ?? null;
  const level = sizeBytes === null ? 'ok' : storageLevel(sizeBytes, limitBytes);
  return {
    ok: level !== 'full',
    level,
    sizeBytes,
    limitBytes,
    usedPercent: sizeBytes === null ? null : usedPercent(sizeBytes, limitBytes),
    freeBytes: sizeBytes === null ? null : Math.max(0, limitBytes - sizeBytes),
    measuredAt: toIsoTimeOrNull(found?.measuredAt ?? null),
    ticksSince: toIsoTimeOrNull(found?.keptSince || null),
    droppedForRoom: found?.droppedForRoom === 1,
  };
};

/** Broken regions do not vote: monitors without other regions are not judged. */
const checkRegions = async ({ d1 }: Services): Part<'regions'> => {
  const distrusted = (await listDistrusts(d1)).map(({ region }) => region);
  return { ok: distrusted.length === 0, distrusted };
};

/** A single failed heartbeat is no failure yet: the services that expect it allow some minutes as well. */
const checkDeadMan = async ({ config, d1, now }: Services): Part<'deadMan'> => {
  if (config.deadManUrl === null) return { ok: true, configured: false };
  const last = await readPing(d1);
  const arrivedLately = last === null || now() - (last.failingSince ?? last.at) <= minutesLimitMs;
  return {
    ok: arrivedLately,
    configured: true,
    lastAt: toIsoTimeOrNull(last?.at ?? null),
    failingSince: toIsoTimeOrNull(last?.failingSince ?? null),
    problem: last?.problem ?? null,
  };
};

/** A part that fails or hangs is reported without the reason: the endpoint is public. */
const settle = async <T extends { ok: boolean }>(correlationId: string, part: string, check: Promise<T>) => {
  try {
    return await within(partTimeoutMs, check, () => new Error(`No answer within ${partTimeoutMs} ms`));
  } catch (error) {
    logFailure('health', correlationId, error, { part });
    return { ok: false as const, error: 'This part did not answer.' };
  }
};

/** Without these nobody is notified of an outage. */
export const checkVitals = async (services: Services, correlationId: string) => {
  const [database, dispatch, queues, alerts] = await Promise.all([
    settle(correlationId, 'database', checkDatabase(services)),
    settle(correlationId, 'dispatch', checkDispatch(services)),
    settle(correlationId, 'queues', checkQueues(services)),
    settle(correlationId, 'alerts', checkAlerts(services)),
  ]);
  return { database, dispatch, queues, alerts };
};

/** Health of this installation. */
export const checkHealth = async (services: Services, correlationId: string): Promise<HealthView> => {
  const [vitals, deadLetters, regions, storage, deadMan] = await Promise.all([
    checkVitals(services, correlationId),
    settle(correlationId, 'deadLetters', checkDeadLetters(services)),
    settle(correlationId, 'regions', checkRegions(services)),
    settle(correlationId, 'storage', checkStorage(services)),
    settle(correlationId, 'deadMan', checkDeadMan(services)),
  ]);
  const checks = { ...vitals, deadLetters, regions, storage, deadMan };
  const ok = Object.values(checks).every((check) => check.ok);
  return { status: ok ? 'ok' : 'failing', checks };
};
