import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { askRegions } from '../../worker/checks/outOfTurn.ts';
import { takeDomainTurn } from '../../worker/db/domainTurns.ts';
import { signUp } from './client.ts';
import { base, create, numberOf, problemOf, url } from './monitorApi.ts';
import { eventually, services } from './seed.ts';

beforeEach(async () => {
  await env.DB.exec('DELETE FROM domain_turns');
});

const limited = (domainRequestsPerSecond: number, now = services.now) => ({
  ...services,
  now,
  config: { ...services.config, domainRequestsPerSecond },
});

/** Of a domain without regular checks, a quarter of the requests is kept for these. */
test('requests to a domain get their turns one after the other, whoever asks', async () => {
  const at = 1_800_000_000_000;
  const take = (requests: number, now = at, domain = 'example.com') =>
    takeDomainTurn(
      limited(20, () => now),
      { domain, requests, maxWaitMs: 900 },
    );
  expect([await take(3), await take(3), await take(8)]).toEqual([0, 200, 400]);
  expect(await take(1)).toBeNull();
  expect(await take(3, at, 'example.org')).toBe(0);
  expect(await take(1, at + 500)).toBe(434);
  expect(await take(3, at + 60_000)).toBe(0);
});

test('of many who ask at once no more pass than have a turn', async () => {
  const at = 1_800_000_000_000;
  const waits = await Promise.all(
    Array.from({ length: 100 }, () =>
      takeDomainTurn(
        limited(10, () => at),
        { domain: 'example.net', requests: 3, maxWaitMs: 10_000 },
      ),
    ),
  );
  const passed = waits.filter((wait) => wait !== null).toSorted((a, b) => a - b);
  expect(passed).toEqual(Array.from({ length: 26 }, (_, i) => i * 400));
});

test('225 "check now" of many teams put no more on a domain than its limit, and the rest is refused in words', async () => {
  const key = crypto.randomUUID();
  const perSecond = 8;
  const owner = await signUp();
  const monitors = await Promise.all(
    Array.from({ length: 9 }, () =>
      create(owner, { url: `${url}/?key=${key}`, regions: ['weur', 'enam', 'apac'], intervalSeconds: 3600 }),
    ),
  );
  const asked = async () => (await fetch(`${url}/requests?key=${key}`)).json<number[]>();
  await eventually(
    async () => (await asked()).length,
    (count) => count === 27,
  );
  await env.DB.exec('DELETE FROM domain_turns');
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
  expect(body.detail).toMatch(/checks of 127\.0\.0\.1 are limited to \d+ requests a second/i);
  expect(await problemOf(answer)).toMatchObject({ status: 429, code: 'rate_limited' });
});
