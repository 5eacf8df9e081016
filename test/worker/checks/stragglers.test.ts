import { env } from 'cloudflare:workers';
import { beforeAll, expect, inject, test } from 'vitest';
import { eventually, messageFor, readTicks, seedCohort, services } from '../support/seed.ts';
import { watchDatabase } from '../verdicts/steps.ts';

const target = inject('target');

/** Rows that were written to each cohort's batches, by consumer and Probers alike, as D1 bills them. */
const rowsWritten = new Map<unknown, number>();

beforeAll(() => {
  watchDatabase(async ({ query, values }, run) => {
    const result = await run();
    if (query.includes('INTO tick_batches')) {
      const rows = (result as D1Result).meta.rows_written;
      rowsWritten.set(values[0], (rowsWritten.get(values[0]) ?? 0) + rows);
    }
    return result;
  });
});

const urlsOf = (pathOf: (i: number) => string) =>
  Array.from({ length: 100 }, (_, i) => `${target}${pathOf(i)}?key=${crypto.randomUUID()}`);

test('stragglers of several Probers are one row more', async () => {
  const seeded = await seedCohort({ urls: urlsOf((i) => (i % 20 === 7 ? `/delay/${2_400 + 10 * i}` : '/')) });
  await services.queue('weur').send(messageFor(seeded));
  const ticks = await eventually(
    () => readTicks(seeded.cohort),
    (found) => found.length === 100,
  );
  expect(ticks.every(({ outcome }) => outcome === 'up')).toBe(true);
  expect(rowsWritten.get(seeded.cohort)).toBe(2);
});

test('an outage is judged and stored at once although others of its batch still hang', async () => {
  const seeded = await seedCohort({
    urls: urlsOf((i) => (i % 20 === 7 ? '/hang/stragglers' : '/')),
    timeoutMs: 60_000,
  });
  const failing = seeded.monitors[27]?.number;
  await env.DB.prepare('UPDATE monitors SET timeout_ms = 2500 WHERE number = ?').bind(failing).run();
  await services.queue('weur').send(messageFor(seeded));
  const suspect = () =>
    env.DB.prepare('SELECT number FROM monitors WHERE cohort = ? AND suspect = 1').bind(seeded.cohort).all();
  const { results } = await eventually(suspect, (found) => found.results.length > 0);
  expect(results).toEqual([{ number: failing }]);
  const scheduled = async () => (await readTicks(seeded.cohort)).filter(({ lane }) => lane === 'normal');
  // The other four still hang: that ends with the release alone.
  const early = await eventually(scheduled, (found) => found.length === 96);
  expect(early.find(({ monitor }) => monitor === failing)).toMatchObject({ outcome: 'down', reason: 'timeout' });
  await fetch(`${target}/release/stragglers`);
  const all = await eventually(scheduled, (found) => found.length === 100);
  expect(all.filter(({ outcome }) => outcome === 'up')).toHaveLength(99);
});
