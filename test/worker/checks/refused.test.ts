import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { consumeChecks } from '../../../worker/checks/pipeline/consume.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { sentenceOf } from '../../../worker/domain/verdict/sentence.ts';
import type { MonitorRecord } from '../../../worker/objects/monitorRecord.ts';
import { messageFor, readTicks, type Seeded, seedCohort, services } from '../support/seed.ts';
import { refOf } from '../verdicts/judged.ts';

/** The real way of the data, with a target whose protection refuses every check. */

const wall = `${inject('target')}/answer?status=403&body=&headers=${encodeURIComponent('{"cf-mitigated":"challenge"}')}`;

const consume = async (seeded: Seeded, region: Region) => {
  const retried: unknown[] = [];
  const message = {
    id: crypto.randomUUID(),
    timestamp: new Date(),
    attempts: 1,
    body: messageFor(seeded, { region }),
    ack: () => undefined,
    retry: () => void retried.push(region),
  };
  const batch = {
    queue: `pharos-checks-${region}`,
    messages: [message],
    ackAll: () => undefined,
    retryAll: () => undefined,
  };
  await consumeChecks(services, batch as unknown as MessageBatch<unknown>);
  expect(retried).toEqual([]);
};

const healthOf = async (seeded: Seeded) =>
  JSON.parse(
    (await env.DB.prepare('SELECT region_health FROM monitors WHERE id = ?')
      .bind(refOf(seeded).id)
      .first<string>('region_health')) ?? '{}',
  ) as Record<string, string>;

test('a monitor whose every check is refused says so, stores its ticks, and alerts nobody of an outage', async () => {
  const regions: Region[] = ['weur', 'apac'];
  const seeded = await seedCohort({ urls: [wall], regions, verdict: 'unknown', createdAt: Date.now() - 60_000 });
  for (const region of regions) await consume(seeded, region);
  expect(await readTicks(seeded.cohort)).toMatchObject(
    regions.map(() => ({ outcome: 'unknown', reason: 'challenged', status: 403 })),
  );
  expect(await healthOf(seeded)).toEqual({ weur: 'unknown', apac: 'unknown' });
  const explanation = await services.monitor(refOf(seeded).id).explain();
  expect(explanation && sentenceOf(explanation)).toBe(
    'Unknown, because the target’s bot protection blocks the checks from both regions.',
  );
  const object = env.MONITOR.get(env.MONITOR.idFromName(refOf(seeded).id));
  const record = await runInDurableObject(object, (_, state) => state.storage.get<MonitorRecord>('monitor'));
  // It wakes by itself for the advisory that there is no data.
  expect(record?.wakeAt).toBeGreaterThan(Date.now());
  // Further refusals are quiet.
  await consume(seeded, 'weur');
  const after = await runInDurableObject(object, (_, state) => state.storage.get<MonitorRecord>('monitor'));
  expect(after).toEqual(record);
  const { count } = (await env.DB.prepare('SELECT count(*) AS count FROM incidents WHERE monitor = ?')
    .bind(refOf(seeded).number)
    .first<{ count: number }>()) ?? { count: -1 };
  expect(count).toBe(0);
});
