import { sql } from 'drizzle-orm';
import { Hono } from 'hono';
import { oldestMembership } from '../db/cohorts.ts';
import { countDeadLetters } from '../db/deadLetters.ts';
import { lastDispatchedMinute } from '../db/dispatches.ts';
import { listDistrusts } from '../db/distrusts.ts';
import { listLags } from '../db/queueLag.ts';
import { logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import type { ApiEnv } from './context.ts';

/** Cron runs once a minute and may come a minute late. */
const dispatchAgeLimitMs = 180_000;
const hourMs = 3_600_000;
/** A database that hangs must not keep the answer. */
const partTimeoutMs = 2_000;

const checkDatabase = async ({ db, now }: Services) => {
  const begun = now();
  await db.get(sql`SELECT id FROM teams LIMIT 1`);
  return { ok: true, latencyMs: now() - begun };
};

/** A fresh installation is healthy before its first dispatch, as long as nothing has waited for one. */
const checkDispatch = async ({ db, now }: Services) => {
  const minute = await lastDispatchedMinute(db);
  if (minute === null) {
    const waitingSince = (await oldestMembership(db)) ?? now();
    return { ok: now() - waitingSince <= dispatchAgeLimitMs, lastMinute: 'never', ageSeconds: null };
  }
  const ageMs = now() - minute;
  return {
    ok: ageMs <= dispatchAgeLimitMs,
    lastMinute: new Date(minute).toISOString(),
    ageSeconds: Math.round(ageMs / 1000),
  };
};

const checkQueues = async ({ db, now }: Services) => {
  const lags = await listLags(db, now());
  const late = lags.filter((lag) => lag.lagMs > lag.allowedMs);
  const most = Math.max(0, ...lags.map((lag) => lag.lagMs));
  const lateRegions = [...new Set(late.map((lag) => lag.region))];
  return { ok: late.length === 0, lagSeconds: Math.round(most / 1000), lateRegions };
};

const checkDeadLetters = async ({ db, now }: Services) => {
  const { recent, total } = await countDeadLetters(db, now() - hourMs);
  return { ok: recent === 0, lastHour: recent, total };
};

/** Regions whose view is broken do not vote: monitors with no other are not judged. */
const checkRegions = async ({ d1 }: Services) => {
  const distrusted = (await listDistrusts(d1)).map(({ region }) => region);
  return { ok: distrusted.length === 0, distrusted };
};

/** A part that fails or hangs says so, without the reason: nobody need sign in to read this. */
const settle = async <T extends { ok: boolean }>(requestId: string, part: string, check: Promise<T>) => {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${partTimeoutMs} ms`)), partTimeoutMs);
  });
  try {
    return await Promise.race([check, tooLate]);
  } catch (error) {
    logFailure('request', requestId, error, { part });
    return { ok: false as const, error: 'This part did not answer.' };
  } finally {
    clearTimeout(timer);
  }
};

/** Whether this installation does its work, for a monitor elsewhere: 200, or 503 where some part does not. */
export const checkHealth = async (services: Services, requestId: string) => {
  const [database, dispatch, queues, deadLetters, regions] = await Promise.all([
    settle(requestId, 'database', checkDatabase(services)),
    settle(requestId, 'dispatch', checkDispatch(services)),
    settle(requestId, 'queues', checkQueues(services)),
    settle(requestId, 'deadLetters', checkDeadLetters(services)),
    settle(requestId, 'regions', checkRegions(services)),
  ]);
  const checks = { database, dispatch, queues, deadLetters, regions };
  const ok = Object.values(checks).every((check) => check.ok);
  return { status: ok ? ('ok' as const) : ('failing' as const), checks };
};

export const health = new Hono<ApiEnv>().get('/', async (c) => {
  const answer = await checkHealth(c.var.services, c.var.requestId);
  c.header('cache-control', 'no-store');
  return c.json(answer, answer.status === 'ok' ? 200 : 503);
});
