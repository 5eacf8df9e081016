import { env } from 'cloudflare:workers';
import type { ChecksMessage } from '../../../worker/checks/dispatch/message.ts';
import { http } from '../../../worker/checks/kinds/http/definition.ts';
import { domainOf } from '../../../worker/db/monitors/domainOf.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { newId } from '../../../worker/ids.ts';
import { createServices } from '../../../worker/services.ts';
import '../../../worker/index.ts'; // as in client.ts

export const services = createServices(env);

export interface SeedOptions {
  urls: string[];
  regions?: Region[];
  intervalSeconds?: number;
  timeoutMs?: number;
  verdict?: 'up' | 'unknown';
  /** When the monitors were created; now by default. */
  createdAt?: number;
  /** Of a team that is there already; a team of its own by default. */
  teamId?: string;
}

/** A cohort with a monitor per URL, written straight to the tables. */
export const seedCohort = async ({
  urls,
  regions = ['weur'],
  intervalSeconds = 30,
  timeoutMs = 10_000,
  verdict = 'up',
  createdAt: now = Date.now(),
  teamId = newId('team'),
}: SeedOptions) => {
  await env.DB.prepare('INSERT OR IGNORE INTO teams (id, name, created_at) VALUES (?, ?, ?)')
    .bind(teamId, 'Seeded', now)
    .run();
  const cohort = await env.DB.prepare(
    'INSERT INTO cohorts (interval_seconds, regions, size) VALUES (?, ?, ?) RETURNING id',
  )
    .bind(intervalSeconds, regions.join(), urls.length)
    .first<{ id: number }>();
  const id = cohort?.id ?? 0;
  const health = verdict === 'up' ? Object.fromEntries(regions.map((region) => [region, 'up'])) : {};
  const monitors = urls.map((url) => {
    const settings = { ...http.defaults, url };
    return { id: newId('mon'), url, settings, domain: domainOf('http', settings) };
  });
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO monitors (id, team_id, kind, name, settings, address, domain, timeout_ms, interval_seconds,
         regions, tags, cohort, verdict, verdict_since, region_health, decision, created_at, updated_at)
       SELECT m.value ->> 'id', ?2, 'http', m.value ->> 'url',
         m.value -> 'settings', m.value ->> 'url', m.value ->> 'domain', ?3, ?4, ?5, '[]', ?6, ?7, ?8, ?9, ?8, ?8, ?8
       FROM json_each(?1) AS m ORDER BY m.key`,
    ).bind(
      JSON.stringify(monitors),
      teamId,
      timeoutMs,
      intervalSeconds,
      JSON.stringify(regions),
      id,
      verdict,
      now,
      JSON.stringify(health),
    ),
    env.DB.prepare(
      'INSERT INTO cohort_memberships (monitor, since, cohort) SELECT number, ?2, ?1 FROM monitors WHERE cohort = ?1',
    ).bind(id, now),
  ]);
  const { results } = await env.DB.prepare('SELECT number, id FROM monitors WHERE cohort = ? ORDER BY number')
    .bind(id)
    .all<{ number: number; id: string }>();
  return { teamId, cohort: id, regions, intervalSeconds, monitors: results };
};

export type Seeded = Awaited<ReturnType<typeof seedCohort>>;

export const messageFor = (seeded: Seeded, change: Partial<ChecksMessage> = {}): ChecksMessage => ({
  version: 1,
  correlationId: 'run_test',
  cohort: seeded.cohort,
  intervalSeconds: seeded.intervalSeconds,
  region: seeded.regions[0] as Region,
  slot: Date.now(),
  lane: 'normal',
  monitors: seeded.monitors.map((m) => m.number),
  ...change,
});

interface TickRow {
  monitor: number;
  region: string;
  lane: string;
  scheduled_at: number;
  started_at: number;
  outcome: string;
  reason: string;
  status: number | null;
  latency_ms: number;
}

export const readTicks = async (cohort: number): Promise<TickRow[]> => {
  const { results } = await env.DB.prepare(
    'SELECT * FROM ticks WHERE cohort = ? ORDER BY scheduled_at, monitor, started_at',
  )
    .bind(cohort)
    .all<TickRow>();
  return results;
};

/** Asks again until the answer fits; fails with the last answer after `withinMs`. */
export const eventually = async <T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  withinMs = 90_000,
): Promise<T> => {
  const until = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > until)
      throw new Error(`Not within ${withinMs} ms; the last answer was ${JSON.stringify(answer).slice(0, 1000)}`);
    await scheduler.wait(50);
  }
};

/** Resolves once the queue of `weur` has carried out a message that was sent after all others: what they cause is done. */
export const untilQueueIsPast = async (url: string): Promise<void> => {
  const later = await seedCohort({ urls: [url] });
  await services.queue('weur').send(messageFor(later));
  await eventually(
    () => readTicks(later.cohort),
    (ticks) => ticks.length > 0,
  );
};
