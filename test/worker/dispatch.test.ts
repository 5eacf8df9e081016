import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { cohortMessages, dispatchMinute } from '../../worker/checks/dispatch.ts';
import { checksMessage } from '../../worker/checks/message.ts';
import { seedCohort, services } from './seed.ts';

const minuteOf = (at: number) => Math.floor(at / 60_000) * 60_000;
const dispatches = async () =>
  (await env.DB.prepare('SELECT minute, messages, checks FROM dispatches ORDER BY minute').all()).results;

/** As if it were `now`: nothing of what is sent for later arrives during the tests. */
const at = (now: number) => ({ ...services, now: () => now });

test('the same cron minute twice, even at once, sends its checks once', async () => {
  await seedCohort({
    urls: [`${inject('target')}/`, `${inject('target')}/two`],
    intervalSeconds: 10,
    regions: ['weur', 'apac'],
  });
  const cronAt = minuteOf(Date.now());
  const then = at(cronAt + 500);
  await Promise.all([dispatchMinute(then, cronAt), dispatchMinute(then, cronAt)]);
  await dispatchMinute(then, cronAt + 20_000);
  const own = (await dispatches()).find((row) => row.minute === cronAt);
  expect(own).toMatchObject({ messages: 6 * 2, checks: 6 * 2 * 2 });
});

test('a cron minute that was missed is made up for by the next, for what still lies ahead', async () => {
  const cronAt = minuteOf(Date.now()) + 3_600_000;
  await dispatchMinute(at(cronAt + 30_000), cronAt);
  const rows = (await dispatches()).filter((row) => Number(row.minute) >= cronAt - 60_000);
  expect(rows.map((row) => row.minute)).toEqual([cronAt - 60_000, cronAt]);
  expect(rows.map((row) => row.messages)).toEqual([3 * 2, 6 * 2]);
});

test('a minute that failed half-way is made up for by the next run, and one that is under way is left alone', async () => {
  const cronAt = minuteOf(Date.now()) + 7_200_000;
  const claim = (minute: number, at: number) =>
    env.DB.prepare('INSERT INTO dispatches (minute, claimed_at) VALUES (?, ?)').bind(minute, at).run();
  await claim(cronAt - 60_000, cronAt - 59_000);
  await claim(cronAt, cronAt + 500);
  await dispatchMinute(at(cronAt + 1_000), cronAt);
  const finished = await env.DB.prepare('SELECT minute, messages FROM dispatches WHERE minute >= ? AND finished_at > 0')
    .bind(cronAt - 60_000)
    .all();
  // The time that the failed minute covers has just begun: nothing of it is lost but what was due before now.
  expect(finished.results).toEqual([{ minute: cronAt - 60_000, messages: expect.toSatisfy((n) => n >= 6 * 2 - 2) }]);
});

test('three regions on 30 s look in turn, one every 10 s, and each message passes its own parser', () => {
  const cohort = { id: 3, intervalSeconds: 30, regions: ['enam', 'weur', 'apac'] as ('enam' | 'weur' | 'apac')[] };
  const messages = cohortMessages(
    cohort,
    [{ number: 1, cohort: 3, slowRegions: 0, stretch: 1 }],
    600_000,
    660_000,
    'run_x',
  );
  const slots = messages.map((m) => m.slot).sort((a, b) => a - b);
  expect(slots).toHaveLength(6);
  expect(slots.slice(1).map((slot, i) => slot - (slots[i] ?? 0))).toEqual([10_000, 10_000, 10_000, 10_000, 10_000]);
  for (const message of messages) expect(checksMessage.parse(message)).toEqual(message);
});

test('failing and slow monitors travel in a lane of their own', () => {
  const cohort = { id: 3, intervalSeconds: 60, regions: ['weur'] as 'weur'[] };
  const members = [
    { number: 1, cohort: 3, slowRegions: 0, stretch: 1 },
    { number: 2, cohort: 3, slowRegions: 0b100, stretch: 1 },
    { number: 3, cohort: 3, slowRegions: 0b010, stretch: 1 },
  ];
  const messages = cohortMessages(cohort, members, 600_000, 660_000, 'run_x');
  expect(messages.map((m) => [m.lane, m.monitors])).toEqual([
    ['normal', [1, 3]],
    ['slow', [2]],
  ]);
});
