import { env } from 'cloudflare:workers';
import { beforeEach, expect, inject, test } from 'vitest';
import { dispatchMinute } from '../../../worker/checks/dispatch/dispatch.ts';
import { limitDomains } from '../../../worker/checks/dispatch/limitDomains.ts';
import { type ChecksMessage, unpackMessage } from '../../../worker/checks/dispatch/message.ts';
import { consumeChecks } from '../../../worker/checks/pipeline/consume.ts';
import { followsRedirects } from '../../../worker/checks/pipeline/redirects.ts';
import { takeDomainTurn } from '../../../worker/db/checks/domainTurns.ts';
import type { RedirectDomains } from '../../../worker/domain/checks/redirects.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import type { Services } from '../../../worker/services.ts';
import { billedServices } from '../database/rows.ts';
import { eventually, messageFor, readTicks, seedCohort, services } from '../support/seed.ts';
import { look, up } from './probing.ts';

const three: Region[] = ['enam', 'weur', 'apac'];
const begun = Math.floor(Date.now() / 60_000) * 60_000 + 86_400_000;

beforeEach(async () => {
  await env.DB.batch(
    ['monitors', 'cohorts', 'cohort_memberships', 'domain_turns', 'team_turns', 'dispatches'].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
});

const limited = (now: () => number, from: Services = services): Services => ({
  ...from,
  now,
  config: { ...services.config, domainRequestsPerSecond: 20 },
});

/** A check of a monitor of its own team, that begins at its own domain. */
const checkOf = (monitor: number, redirectDomains: RedirectDomains = {}, teamId = `team_${monitor}`) => ({
  ...{ monitor, teamId, redirectDomains },
  target: { kind: 'http', url: `https://own-${monitor}.example/` } as never,
});

const victim = 'https://www.victim.example/';

test('a redirect inside a domain, and back to the first, needs no turn and no trip', async () => {
  const { services: billing, billed } = billedServices();
  const mayFollow = followsRedirects(limited(Date.now, billing), checkOf(1, { 'login.test': 1 }));
  for (const url of ['https://www.own-1.example/a', 'https://login.test/', 'https://own-1.example/back'])
    expect(await mayFollow(url)).toBe(true);
  expect(billed).toEqual([]);
});

test('the domain of a victim gets no more unplanned redirects than its turns, of however many teams', async () => {
  const began = Date.now();
  const asked = Array.from({ length: 100 }, (_, i) => followsRedirects(limited(Date.now), checkOf(i + 1))(victim));
  const passed = (await Promise.allSettled(asked)).filter((one) => one.status === 'fulfilled' && one.value);
  const seconds = (Date.now() - began) / 1_000;
  expect(passed.length).toBeGreaterThan(0);
  // 15 a second, and of these as many as fit into the second for which a check waits.
  expect(passed.length).toBeLessThanOrEqual(15 * (seconds + 1) + 1);
  // A confirmation of the owner of the domain gets its turn anyway.
  const turn = { domain: 'victim.example', teamId: 'team_owner', requests: 3, maxWaitMs: 30_000 };
  expect(await takeDomainTurn(limited(Date.now), turn)).toBeLessThan(5_000);
});

test('a redirect that was learned just now, or is entered twice in one check, takes a turn as well', async () => {
  const turns = async (redirects: RedirectDomains, urls: string[]) => {
    await env.DB.prepare('DELETE FROM domain_turns').run();
    const mayFollow = followsRedirects(limited(Date.now), checkOf(1, redirects));
    for (const url of urls) await mayFollow(url);
    const { results } = await env.DB.prepare('SELECT domain FROM domain_turns').all<{ domain: string }>();
    return results.map(({ domain }) => domain);
  };
  const long = Date.now() - 180_000;
  expect(await turns({ 'victim.example': long }, [victim])).toEqual([]);
  expect(await turns({ 'victim.example': long + 60_000 }, [victim])).toEqual(['victim.example']);
  const bounce = [victim, 'https://own-1.example/', victim];
  expect(await turns({ 'victim.example': long }, bounce)).toEqual(['victim.example']);
  const backTwice = [
    'https://other.example/',
    'https://own-1.example/',
    'https://other.example/',
    'https://own-1.example/',
  ];
  expect(await turns({ 'other.example': long }, backTwice)).toEqual(['other.example', 'own-1.example']);
});

test('a monitor that leads to ever other domains costs few rows', async () => {
  const { services: billing, rowsWritten } = billedServices();
  const full = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.test`, Date.now()]));
  let passed = 0;
  for (let i = 0; i < 40; i++)
    if (await followsRedirects(limited(Date.now, billing), checkOf(7, full))(`https://v${i}.test/`)) passed++;
  expect(passed).toBe(10);
  expect(rowsWritten()).toBeLessThanOrEqual(30);
});

test('a hundred teams whose monitors redirect to one victim share its limit with those who watch it directly', async () => {
  const attackers = [];
  for (let team = 0; team < 100; team++)
    attackers.push(
      await seedCohort({
        urls: Array.from({ length: 10 }, (_, i) => `https://own-${team}-${i}.test/`),
        ...{ regions: three, intervalSeconds: 10 },
      }),
    );
  await env.DB.prepare(`UPDATE monitors SET redirect_domains = '{"victim.example":1}'`).run();
  const owner = await seedCohort({ urls: [victim], regions: three, intervalSeconds: 30 });
  const sent: ChecksMessage[] = [];
  const queue = () =>
    ({
      sendBatch: async (messages: { body: ChecksMessage }[]) => {
        sent.push(...messages.flatMap(({ body }) => unpackMessage(body)));
      },
    }) as unknown as Queue;
  for (let minute = -4; minute < 4; minute++) {
    const at = begun + minute * 60_000;
    if (minute === 0) sent.length = 0;
    await limitDomains(limited(() => at));
    await dispatchMinute({ ...limited(() => at), queue }, at);
  }
  const perSecond = new Map<number, number>();
  for (const { slot, monitors } of sent) perSecond.set(slot, (perSecond.get(slot) ?? 0) + monitors.length);
  expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(15);
  const numbers = new Set(attackers.flatMap(({ monitors }) => monitors.map(({ number }) => number)));
  const ofOwner = sent.filter(({ monitors }) => monitors.some((number) => !numbers.has(number)));
  expect(ofOwner).toHaveLength(4 * 2 * 3);
  expect(owner.monitors).toHaveLength(1);
  // Each attacker has its equal share: every 240 s from each region.
  const ofAttackers = sent.reduce((sum, { monitors }) => sum + monitors.length, 0) - ofOwner.length;
  expect(ofAttackers).toBe(1_000 * 3);
});

test('a real check learns where its target redirects, and loses its place until that is planned', async () => {
  const elsewhere = inject('target').replace('127.0.0.1', 'localhost');
  const url = `${inject('target')}/redirect-to?url=${encodeURIComponent(`${elsewhere}/status/200`)}`;
  const seeded = await seedCohort({ urls: [url] });
  await env.DB.prepare('UPDATE monitors SET place = 7').run();
  const body = messageFor(seeded);
  const message = { id: 'm', timestamp: new Date(), attempts: 1, body, ack: () => undefined, retry: () => undefined };
  await consumeChecks(services, { queue: 'q', messages: [message] } as never);
  const [tick] = await eventually(
    () => readTicks(seeded.cohort),
    (ticks) => ticks.length > 0,
  );
  expect(tick).toMatchObject({ outcome: 'up', status: 200 });
  const row = await env.DB.prepare('SELECT redirect_domains, place FROM monitors').first();
  expect(JSON.parse(`${row?.redirect_domains}`)).toEqual({ localhost: expect.any(Number) });
  expect(row?.place).toBeNull();
});

test('a check that may not follow has no result, and one that waits loses no time of its target', async () => {
  const to = `/redirect-to?url=${encodeURIComponent('/status/200')}`;
  expect(await look(to, { mayFollow: async () => false })).toMatchObject({
    ...{ health: 'unknown', reason: 'limited', status: 302 },
  });
  const waits = async () => {
    await scheduler.wait(2_100);
    return true;
  };
  const result = await look(to, { timeoutMs: 2_000, mayFollow: waits });
  expect(result).toMatchObject(up());
  expect(result.latencyMs).toBeLessThan(2_000);
});
