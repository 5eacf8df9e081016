import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { packTicks } from '../../../worker/ticks/format.ts';

test('the view unpacks stored ticks for plain SQL', async () => {
  const outcome = {
    health: 'down',
    reason: 'status',
    status: 503,
    latencyMs: 12,
    region: 'weur',
    dataCentre: 'AMS',
    scheduledAt: 1000,
    startedAt: 1250,
  } as const;
  await env.DB.prepare("INSERT INTO tick_batches VALUES (1, 1000, 'weur', 'normal', ?)")
    .bind(packTicks([{ monitor: 7, outcome }]))
    .run();
  expect((await env.DB.prepare('SELECT * FROM ticks').all()).results).toEqual([
    {
      monitor_id: null,
      monitor: 7,
      cohort: 1,
      region: 'weur',
      lane: 'normal',
      scheduled_at: 1000,
      started_at: 1250,
      outcome: 'down',
      reason: 'status',
      status: 503,
      latency_ms: 12,
      data_centre: 'AMS',
    },
  ]);
});
