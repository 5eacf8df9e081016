import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { askRegions } from '../../../worker/checks/dispatch/onDemand.ts';
import { deletionsOfTurns, takeDomainTurn } from '../../../worker/db/checks/domainTurns.ts';
import { billedServices } from '../database/rows.ts';
import { base, create, numberOf, problemOf, url } from '../monitors/monitorApi.ts';
import { signUp } from '../support/client.ts';
import { eventually, services } from '../support/seed.ts';

beforeEach(async () => {
  await env.DB.batch(['domain_turns', 'team_turns'].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});

const limited = (domainRequestsPerSecond: number, now = services.now) => ({
  ...services,
  now,
  config: { ...services.config, domainRequestsPerSecond },
});

const begun = 1_800_000_000_000;

interface Take {
  teamId?: string;
  requests?: number;
  at?: number;
  domain?: string;
  maxWaitMs?: number;
}

/** A domain without regular checks: a quarter of the 20 requests a second is kept for these, and 15 are left. */
const take = ({ teamId = 'team_1', requests = 3, at = 0, domain = 'example.com', maxWaitMs = 30_000 }: Take = {}) =>
  takeDomainTurn(
    limited(20, () => begun + at),
    { domain, teamId, requests, maxWaitMs },
  );

test('requests to a domain get their turns one after the other, from any caller', async () => {
  const maxWaitMs = 900;
  const one = (teamId: string, change: Take = {}) => take({ teamId, maxWaitMs, ...change });
  expect([await one('a'), await one('b'), await one('c', { requests: 8 })]).toEqual([0, 200, 400]);
  expect(await one('d', { requests: 1 })).toBeNull();
  expect(await one('d', { domain: 'example.org' })).toBe(0);
  expect(await one('d', { requests: 1, at: 500 })).toBe(434);
  expect(await one('a', { at: 60_000 })).toBe(0);
});

test('no more requests than have a turn pass at once', async () => {
  const waits = await Promise.all(
    Array.from({ length: 300 }, (_, i) => take({ teamId: `team_${i}`, domain: 'example.net', maxWaitMs: 10_000 })),
  );
  const passed = waits.filter((wait) => wait !== null).toSorted((a, b) => a - b);
  expect(passed).toEqual(Array.from({ length: 51 }, (_, i) => i * 200));
});

/** These teams ask so often per second, or as often as they are answered; how many requests each gets, and the waits. */
const contend = async (seconds: number, wants: Record<string, number>) => {
  const got: Record<string, number> = {};
  const waits: Record<string, number[]> = {};
  for (let second = 0; second < seconds; second++)
    for (const [teamId, want] of Object.entries(wants))
      for (let i = 0; i < want && (second * want) % 1 === 0; i++) {
        const wait = await take({ teamId, at: second * 1_000 });
        if (wait === null) break;
        got[teamId] = (got[teamId] ?? 0) + 3;
        waits[teamId] = [...(waits[teamId] ?? []), wait];
      }
  return { got, waits };
};

test('one team with any number of flapping monitors takes no turn from another, which waits less than ten seconds', async () => {
  // The victim comes last in each second, when all that can be taken is taken.
  const { got, waits } = await contend(60, { attacker: 1_000, victim: 1 });
  expect(waits.victim).toHaveLength(60);
  expect(Math.max(...(waits.victim ?? []))).toBeLessThan(10_000);
  // Nothing is lost by that: all turns of the minute are used, and those of the line.
  expect((got.attacker ?? 0) + (got.victim ?? 0)).toBeGreaterThan(60 * 15);
  expect((got.attacker ?? 0) + (got.victim ?? 0)).toBeLessThan(70 * 15);
});

test('teams that ask for more than there is get as much as each other, and one that asks for little gets it', async () => {
  const { got } = await contend(90, { first: 500, second: 40, third: 2_000, small: 1 });
  expect(got.small).toBe(90 * 3);
  const heavy = ['first', 'second', 'third'].map((team) => got[team] ?? 0);
  expect(Math.max(...heavy) / Math.min(...heavy)).toBeLessThan(1.35);
});

test('a team that asks for less than its share finds a turn however much the others want', async () => {
  const crowd = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`crowd_${i}`, 100]));
  const { waits } = await contend(40, { ...crowd, victim: 1 / 4 });
  expect(waits.victim).toHaveLength(10);
});

test('a person still gets a check while one team asks for all confirmations it can get', async () => {
  await contend(3, { attacker: 1_000 });
  expect(await take({ teamId: 'victim', at: 2_000, maxWaitMs: 10_000 })).toBeLessThan(8_000);
});

test('the waiting state of a team is two rows, read by their keys, and is dropped when it waits no more', async () => {
  for (let i = 0; i < 50; i++) await take({ teamId: `team_${i}` });
  const { services: billing, billed } = billedServices();
  await takeDomainTurn(
    { ...billing, now: () => begun },
    { domain: 'example.com', teamId: 'team_7', requests: 3, maxWaitMs: 30_000 },
  );
  expect(billed.reduce((sum, { rowsRead }) => sum + rowsRead, 0)).toBeLessThanOrEqual(8);
  expect(billed.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0)).toBe(2);
  const rows = () => env.DB.prepare('SELECT count(*) AS n FROM team_turns').first('n');
  await env.DB.batch(deletionsOfTurns(env.DB, begun + 30_000));
  expect(await rows()).toBe(50);
  await env.DB.batch(deletionsOfTurns(env.DB, begun + 80_000));
  expect(await rows()).toBe(0);
});

test('225 "check now" of many teams put no more on a domain than its limit, and the rest is refused in words', async () => {
  const key = crypto.randomUUID();
  const perSecond = 8;
  const owners = await Promise.all(Array.from({ length: 9 }, () => signUp()));
  const monitors = await Promise.all(
    owners.map((owner) =>
      create(owner, { url: `${url}/?key=${key}`, regions: ['weur', 'enam', 'apac'], intervalSeconds: 3600 }),
    ),
  );
  const asked = async () => (await fetch(`${url}/requests?key=${key}`)).json<number[]>();
  await eventually(
    async () => (await asked()).length,
    (count) => count === 27,
  );
  await env.DB.batch(['domain_turns', 'team_turns'].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
  const numbers = await Promise.all(monitors.map(({ id }) => numberOf(id)));
  const begun = Date.now();
  const around = limited(perSecond, () => begun);
  const turns = await Promise.all(
    Array.from({ length: 225 }, (_, i) =>
      askRegions(around, numbers[i % 9] ?? 0, ['weur', 'enam', 'apac'], 'run_test', 3_000),
    ),
  );
  expect(turns.filter((turn) => turn !== 'refused')).toHaveLength(7);
  await eventually(
    async () => (await asked()).filter((at) => at >= begun).length,
    (count) => count === 21,
  );
  const perBucket = Map.groupBy(
    (await asked()).filter((at) => at >= begun),
    (at) => Math.floor((at - begun) / 1_000),
  );
  expect(Math.max(...[...perBucket.values()].map((all) => all.length))).toBeLessThanOrEqual(2 * perSecond);
});

test('"check now" beyond the turns of a domain answers 429 and says why', async () => {
  const owner = await signUp();
  const monitor = await create(owner, { regions: ['weur'], intervalSeconds: 3600 });
  await env.DB.prepare('INSERT OR REPLACE INTO domain_turns (domain, next_at) VALUES (?1, ?2)')
    .bind(new URL(url).hostname, Date.now() + 3_600_000)
    .run();
  const answer = await owner.post(`${base}/${monitor.id}/check`);
  expect(answer.headers.get('retry-after')).toBe('60');
  const body = await answer.clone().json<{ detail: string }>();
  expect(body.detail).toMatch(/checks of 127\.0\.0\.1 are limited to \d+ requests per second/i);
  expect(await problemOf(answer)).toMatchObject({ status: 429, code: 'rate_limited' });
});
