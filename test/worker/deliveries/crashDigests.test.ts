import { env } from 'cloudflare:workers';
import { beforeAll, expect, inject, test } from 'vitest';
import { wakeChannels } from '../../../worker/alerts/outbox/wake.ts';
import { deliveryKey } from '../../../worker/domain/escalation/delivery.ts';
import { newId } from '../../../worker/ids.ts';
import { receiverFor, seedWebhook } from '../channels/alerting.ts';
import { seedCohort, services } from '../support/seed.ts';
import { begin, drain, type Play, watchWorker, worker } from '../verdicts/killing.ts';

let database: Awaited<ReturnType<typeof watchWorker>>;

beforeAll(async () => {
  database = await watchWorker();
});

const monitors = 13;

const seed = async () => {
  worker.isWatched = false;
  const urls = Array.from({ length: monitors }, (_, i) => `https://example.com/${i}`);
  const seeded = await seedCohort({ urls });
  const { url, received } = receiverFor();
  const channel = await seedWebhook(seeded.teamId, url);
  const incidents = seeded.monitors.map((monitor) => ({ ...monitor, incident: newId('inc') }));
  await env.DB.batch(
    incidents.map(({ number, incident }) =>
      env.DB.prepare(
        `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, reason, evidence)
         VALUES (?1, ?2, ?3, ?4, ?4, 'refused', '[]')`,
      ).bind(incident, seeded.teamId, number, Date.now()),
    ),
  );
  begin();
  return { ...seeded, incidents, channelId: channel.id, monitorIds: [] as string[], received };
};

type Seeded = Awaited<ReturnType<typeof seed>>;

/** As Monitor objects write it; how they are killed is in crashes.test.ts. */
const notify = async (seeded: Seeded, event: 'down' | 'recovered', from = 0, to = monitors) => {
  worker.isWatched = false;
  const { teamId, channelId } = seeded;
  const at = Date.now();
  await env.DB.batch(
    seeded.incidents.slice(from, to).map(({ id, number, incident }) => {
      const key = deliveryKey({ incidentId: incident, event, round: 0, step: 0, channelId });
      const notified = {
        event: event === 'down' ? 'down' : 'up',
        monitor: { id, name: id, url: 'https://example.com/' },
      };
      const message = {
        ...notified,
        since: at,
        at,
        why: '',
        teamName: 'T',
        timeZone: 'UTC',
        regions: [],
        durationMs: null,
        standing: null,
        acknowledgedBy: null,
      };
      return env.DB.prepare(
        `INSERT INTO deliveries (id, team_id, monitor, dedup_key, incident, channel, event, round, step, state, message,
           created_at, next_attempt_at)
         VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, 0, 0, 'waiting', ?7, ?8, ?8)`,
      ).bind(key, teamId, number, incident, channelId, event, JSON.stringify(message), at);
    }),
  );
  await wakeChannels(services, [channelId], 'run_test');
  worker.isWatched = true;
};

/** In what order all go down and come up, and when what was written until then has been sent. */
const plays: Record<string, (seeded: Seeded, sendAll: () => Promise<void>) => Promise<void>> = {
  'ends are told after the outages': async (seeded, sendAll) => {
    await notify(seeded, 'down');
    await sendAll();
    await notify(seeded, 'recovered');
    await sendAll();
  },
  'ends come while the outages are on their way, some of which were told by themselves': async (seeded, sendAll) => {
    await notify(seeded, 'down', 0, 2);
    await sendAll();
    await notify(seeded, 'down', 2);
    await notify(seeded, 'recovered');
    await sendAll();
  },
};

const play = async (name: string, killAt: number[]) => {
  const seeded = await seed();
  worker.killAt = killAt;
  const own: Play = seeded;
  await plays[name]?.(seeded, () => drain(database, own));
  const { kills, steps } = worker;
  worker.isWatched = false;
  return { ...seeded, kills, steps };
};

interface Body {
  type: string;
  monitor: { id: string };
  digest: { alerts: number | null; monitors: { id: string; event: string }[] | null };
}

/** The requests that a receiver keeps that deduplicates by id, in the order in which they came first. */
const judge = async ({ received, teamId }: Seeded, name: string) => {
  const requests = await received();
  const kept = new Map(requests.toReversed().map(({ headers, body }) => [headers['webhook-id'], body as Body]));
  const ids = [...new Set(requests.map(({ headers }) => headers['webhook-id']))];
  const { results } = await database
    .prepare(
      `SELECT d.state, d.event, ifnull(g.id, d.id) AS carrier,
         (SELECT count(*) FROM incident_events AS e WHERE e.incident = d.incident AND e.kind = 'notified' AND e.key = d.id) AS notified
       FROM deliveries AS d LEFT JOIN deliveries AS g ON g.number = d.digest
       WHERE d.team_id = ?1 AND d.event <> 'digest'`,
    )
    .bind(teamId)
    .all<{ state: string; event: string; carrier: string; notified: number }>();
  expect(results, name).toHaveLength(2 * monitors);
  for (const one of results) {
    expect(one, name).toMatchObject({ state: 'delivered', notified: 1 });
    expect(ids, name).toContain(one.carrier);
  }
  // Each came in some message, and there is room for none twice.
  const alerts = [...kept.values()].reduce((sum, { digest }) => sum + (digest.alerts ?? 1), 0);
  expect(alerts, name).toBe(2 * monitors);
  const said = ids.flatMap((id) => {
    const { type, monitor, digest } = kept.get(id) as Body;
    return digest.monitors ?? [{ id: monitor.id, event: type.replace('alert.', '') }];
  });
  for (const id of new Set(said.map((one) => one.id))) {
    const own = said.filter((one) => one.id === id).map(({ event }) => event);
    // One digest contains both, as the last of them.
    expect([['down', 'up'], ['up']], name).toContainEqual(own);
  }
  return requests.length - ids.length;
};

test.for(Object.keys(plays))(
  'a Worker that is killed between any two steps loses nothing of a digest: %s',
  {
    timeout: inject('soak') ? 3_600_000 : 900_000,
  },
  async (name) => {
    let kills = 0;
    let repeated = 0;
    const whole = await play(name, []);
    await judge(whole, 'not killed');
    expect((await whole.received()).length).toBeLessThan(6);
    for (const step of [
      'WITH open',
      'INSERT OR IGNORE INTO deliveries',
      'UPDATE deliveries SET state',
      'send',
      'INSERT OR REPLACE',
    ])
      expect(
        whole.steps.some((one) => one.startsWith(`after ${step}`)),
        step,
      ).toBe(true);
    // An odd number of steps, so that it is killed before some and after others.
    for (let at = 0; at < whole.steps.length; at += inject('soak') ? 1 : 7) {
      const killAt = [at, at + 3, at + 8, at + 17, at + 26];
      const one = await play(name, killAt);
      repeated += await judge(one, `killed at ${killAt}, first ${whole.steps[at]}`);
      kills += one.kills;
    }
    expect(kills).toBeGreaterThanOrEqual(30);
    if (inject('soak')) expect(repeated).toBeGreaterThan(0);
  },
);
