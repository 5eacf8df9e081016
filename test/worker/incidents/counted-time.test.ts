import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { IncidentDetailView } from '../../../worker/contract/views.ts';
import type { Health } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { outcomeOf } from '../../outcome.ts';
import { eventuallyStates, receiverFor, seedWebhook } from '../channels/alerting.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { type Seeded, seedCohort, services } from '../support/seed.ts';
import { refOf } from '../verdicts/judged.ts';

const three: Region[] = ['enam', 'weur', 'apac'];
const begin = Date.now() - 3_000_000;
const at = (seconds: number) => begin + seconds * 1000;

/** Twice, so that it is confirmed, and late, as a queue may bring it. */
const sayAll = async (seeded: Seeded, health: Health, seconds: number) => {
  for (const after of [0, 2])
    for (const [i, region] of three.entries())
      await services
        .monitor(refOf(seeded).id)
        .observe(refOf(seeded), outcomeOf(region, at(seconds + after + i / 10), health), 0, 'run_test');
};

/** No checks were dispatched, so all but what is dispatched here would have no data. */
const dispatchAll = () =>
  env.DB.prepare(
    `INSERT OR IGNORE INTO dispatches (minute, claimed_at, finished_at)
     WITH RECURSIVE m(at) AS (SELECT ?1 UNION ALL SELECT at + 60000 FROM m WHERE at < ?2) SELECT at, at, at FROM m`,
  )
    .bind(Math.floor(begin / 60_000) * 60_000 - 600_000, Date.now() + 600_000)
    .run();

test('a recovery says how much of its length was observed and how much had no data, as uptime counts it', async () => {
  await dispatchAll();
  const owner = await signUp();
  const { url, received } = receiverFor();
  const { team } = await bodyOf<{ team: { id: string } }>(await owner.get('/api/v1/me'));
  const teamId = team.id;
  await seedWebhook(teamId, url);
  const seeded = await seedCohort({
    // Cannot be probed, so what is asked on demand says nothing.
    urls: ['ftp://files.example/'],
    regions: three,
    intervalSeconds: 3_600,
    createdAt: begin - 60_000,
    teamId,
  });
  await sayAll(seeded, 'up', 0);
  await sayAll(seeded, 'down', 100);
  await env.DB.prepare('INSERT INTO verdict_changes (monitor, since, at, verdict) VALUES (?, ?, ?, ?)')
    .bind(refOf(seeded).number, at(140), Date.now(), 'unknown')
    .run();
  await sayAll(seeded, 'up', 409);
  await eventuallyStates(teamId, ['down delivered', 'recovered delivered']);

  const text = '5 minutes 9 seconds, of which 40 seconds were observed down and 4 minutes 29 seconds had no data';
  const [down, up] = (await received()).map(({ body }) => body);
  expect(up).toMatchObject({
    event: 'up',
    durationSeconds: 309,
    counted: { downSeconds: 40, noDataSeconds: 269, upSeconds: 0, maintenanceSeconds: 0, pausedSeconds: 0 },
  });
  expect(up.text).toContain(`Lasted: ${text}`);
  expect(up.summary).toContain(`Lasted ${text}.`);
  expect(down.counted).toEqual({
    downSeconds: null,
    noDataSeconds: null,
    upSeconds: null,
    maintenanceSeconds: null,
    pausedSeconds: null,
  });

  const { data } = await bodyOf<{ data: { id: string }[] }>(await owner.get('/api/v1/incidents'));
  const incident = await bodyOf<IncidentDetailView>(await owner.get(`/api/v1/incidents/${data[0]?.id}`));
  expect(incident.countedSeconds).toEqual({ up: 0, degraded: 0, down: 40, unknown: 269, paused: 0, maintenance: 0 });
  const uptime = await bodyOf(
    await owner.get(`/api/v1/monitors/${refOf(seeded).id}/uptime?from=${incident.startedAt}&to=${incident.endedAt}`),
  );
  expect(uptime).toMatchObject({ seconds: incident.countedSeconds });
});
