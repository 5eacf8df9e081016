import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { sweepDistrust } from '../../../worker/checks/regions/distrust.ts';
import { sweepStaleRegions } from '../../../worker/checks/regions/staleRegions.ts';
import { claimAsks } from '../../../worker/db/channels/confirmationMails.ts';
import { listOverdueChannels } from '../../../worker/db/deliveries/outbox.ts';
import { seedCohort, services } from '../support/seed.ts';

/** The cron's run handles a limited number of items: every team gets its turn. */

const hourAgo = () => Date.now() - 3_600_000;

const urls = (count: number) => Array.from({ length: count }, (_, i) => `https://many.example/${i}`);

beforeEach(async () => {
  await env.DB.batch(
    ['monitors', 'cohorts', 'deliveries', 'channels', 'recipients', 'region_distrusts'].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
});

/** Services that note which objects of monitors are called. */
const noting = () => {
  const called: string[] = [];
  const monitor = (id: string) => {
    const call = async () => void called.push(id);
    return { noteLastSeen: call, follow: call } as never;
  };
  return { called, around: { ...services, monitor } };
};

test('a team of which 600 monitors are stale does not delay finding the stale monitors of others', async () => {
  await seedCohort({ urls: urls(600), createdAt: hourAgo() });
  const victim = await seedCohort({ urls: urls(1), createdAt: hourAgo() });
  const { called, around } = noting();
  await sweepStaleRegions(around);
  expect(called).toHaveLength(500);
  expect(called).toContain(victim.monitors[0]?.id);
});

test('a team of which 5,000 monitors are down keeps no other from hearing of a region that is trusted again', async () => {
  for (let i = 0; i < 10; i++) await seedCohort({ urls: urls(500), createdAt: hourAgo() });
  await env.DB.exec("UPDATE monitors SET team_id = (SELECT min(team_id) FROM monitors), verdict = 'down'");
  const victim = await seedCohort({ urls: urls(1), createdAt: hourAgo() });
  await env.DB.exec(`UPDATE monitors SET suspect = 1 WHERE team_id = '${victim.teamId}'`);
  await env.DB.exec("INSERT INTO region_distrusts (region, since, failing, monitors) VALUES ('weur', 0, 3, 3)");
  const { called, around } = noting();
  await sweepDistrust(around);
  expect(called).toHaveLength(500);
  expect(called).toContain(victim.monitors[0]?.id);
});

test('600 channels of a team that are always late keep no other from being woken', async () => {
  const late = (team: string, channel: string, at: number) =>
    env.DB.prepare(
      `INSERT INTO deliveries (id, team_id, monitor, dedup_key, channel, event, round, step, state, message, created_at,
         next_attempt_at) VALUES (?2, ?1, 0, ?2, ?2, 'down', 0, 0, 'waiting', '{}', ?3, ?3)`,
    ).bind(team, channel, at);
  await env.DB.batch(Array.from({ length: 600 }, (_, i) => late('team_many', `chn_${i}`, 1_000)));
  await late('team_one', 'chn_victim', 2_000).run();
  const channels = await listOverdueChannels(env.DB, 3_000);
  expect(channels).toHaveLength(500);
  expect(channels).toContain('chn_victim');
});

test('1,000 recipients of a team that are to be asked keep no other from being asked', async () => {
  const named = (team: string, addresses: string[], at: number) => [
    env.DB.prepare(
      `INSERT INTO channels (id, team_id, kind, name, settings, created_at, updated_at)
       VALUES (?1, ?1, 'email', 'Mail', json_object('to', json(?2)), ?3, ?3)`,
    ).bind(team, JSON.stringify(addresses), at),
    env.DB.prepare(
      `INSERT INTO recipients (team_id, address_key, address, state, ask_due_at, created_at)
       SELECT ?1, value, value, 'waiting', ?3, ?3 FROM json_each(?2)`,
    ).bind(team, JSON.stringify(addresses), at),
  ];
  const many = Array.from({ length: 1_000 }, (_, i) => `${i}@many.example`);
  await env.DB.batch([...named('team_many', many, 1_000), ...named('team_one', ['victim@one.example'], 2_000)]);
  const claimed = await claimAsks(env.DB, {}, 3_000, 4_000);
  expect(claimed).toHaveLength(50);
  expect(claimed.map(({ address }) => address)).toContain('victim@one.example');
});
