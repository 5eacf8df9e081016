import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { MonitorDetailView, MonitorListItem, UptimeView } from '../../../worker/contract/views.ts';
import { listDispatchGaps } from '../../../worker/db/checks/dispatches.ts';
import { readUptime24h, readVerdictMs } from '../../../worker/db/history/uptime.ts';
import type { Verdict } from '../../../worker/domain/history/uptime.ts';
import { base, create, numberOf, problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { services as real } from '../support/seed.ts';

const minute = 60_000;
const hour = 60 * minute;
/** A whole minute, so that the figures below are easy to follow. */
const now = Math.floor(Date.now() / minute) * minute;
const start = now - 10 * hour;
const services = { ...real, now: () => now };

const dispatch = async (minutes: number[]) =>
  env.DB.prepare(
    'INSERT INTO dispatches (minute, claimed_at, finished_at) SELECT value, value, value FROM json_each(?)',
  )
    .bind(JSON.stringify(minutes))
    .run();

/** Every cron minute whose checks are due in `[from, to)`. */
const minutesFor = (from: number, to: number) =>
  Array.from({ length: (to - from) / minute }, (_, i) => from + (i - 1) * minute);

const decide = async (monitor: number, changes: [since: number, verdict: Verdict, at?: number][]) =>
  env.DB.batch(
    changes.map(([since, verdict, at = since]) =>
      env.DB.prepare('INSERT INTO verdict_changes (monitor, since, at, verdict) VALUES (?, ?, ?, ?)').bind(
        monitor,
        since,
        at,
        verdict,
      ),
    ),
  );

const read = async (from = start, to = now, createdAt = 0) =>
  (await readVerdictMs(services, [{ number: 1, createdAt }], { from, to })).get(1);

const none = { up: 0, degraded: 0, down: 0, unknown: 0, paused: 0, maintenance: 0 };

beforeEach(async () => {
  await env.DB.batch(['dispatches', 'verdict_changes'].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});

describe('gaps', () => {
  const gaps = () => listDispatchGaps(real.db, { from: start, to: now });

  test('there are none while every minute is dispatched, or one alone is missing', async () => {
    const minutes = minutesFor(start, now);
    await dispatch(minutes.filter((_, i) => i !== 100));
    expect(await gaps()).toEqual([]);
  });

  test('two missing minutes are a gap, of the time that they would have covered', async () => {
    await dispatch(minutesFor(start, now).filter((_, i) => i !== 100 && i !== 101));
    expect(await gaps()).toEqual([{ from: start + 100 * minute, to: start + 102 * minute }]);
  });

  test('a dispatch that was claimed and never finished did not run', async () => {
    await dispatch(minutesFor(start, now));
    const broken = [start + 99 * minute, start + 100 * minute];
    await env.DB.prepare('UPDATE dispatches SET finished_at = NULL WHERE minute IN (?, ?)')
      .bind(...broken)
      .run();
    expect(await gaps()).toEqual([{ from: start + 100 * minute, to: start + 102 * minute }]);
  });

  test('reach from the beginning of the period and to its end', async () => {
    await dispatch(minutesFor(start + hour, now - hour));
    expect(await gaps()).toEqual([
      { from: start, to: start + hour },
      { from: now - hour, to: now },
    ]);
  });

  test('without any dispatch the whole period is one', async () => {
    expect(await gaps()).toEqual([{ from: start, to: now }]);
  });

  test('the next minute of checks counts as covered', async () => {
    await dispatch([...minutesFor(start, now), now]);
    expect(await gaps()).toEqual([]);
  });
});

describe('verdicts', () => {
  beforeEach(async () => {
    await dispatch(minutesFor(start - 48 * hour, now));
  });

  test('a state from before the period counts in it', async () => {
    await decide(1, [
      [start - 40 * hour, 'unknown'],
      [start - 30 * hour, 'up'],
      [start + hour, 'down'],
      [start + 2 * hour, 'up'],
    ]);
    expect(await read()).toEqual({ ...none, up: 9 * hour, down: hour });
  });

  test('a change decided inside the period can count from before it', async () => {
    await decide(1, [
      [start - hour, 'up'],
      [start - minute, 'down', start + minute],
    ]);
    expect(await read()).toEqual({ ...none, down: 10 * hour });
  });

  test('time before the monitor was created is unknown', async () => {
    await decide(1, [[now - hour, 'up']]);
    expect(await read(start, now, now - hour)).toEqual({ ...none, unknown: 9 * hour, up: hour });
  });

  test('the future does not count', async () => {
    await decide(1, [[start, 'up']]);
    expect(await read(start, now + 5 * hour)).toEqual({ ...none, up: 10 * hour });
    expect(await read(now + hour, now + 5 * hour)).toEqual(none);
  });

  test('a later decision wins over the time that it overlaps', async () => {
    await decide(1, [
      [start, 'up'],
      [start + 2 * hour, 'degraded', start + 2 * hour],
      [start + hour, 'down', start + 3 * hour],
    ]);
    expect(await read()).toEqual({ ...none, up: hour, down: 9 * hour });
  });
});

test('while Pharos itself did not check, nothing is known, except that a paused monitor is paused', async () => {
  const gone = { from: start + 2 * hour, to: start + 4 * hour };
  await dispatch([...minutesFor(start, gone.from), ...minutesFor(gone.to, now)]);
  await decide(1, [
    [start, 'up'],
    [start + 3 * hour, 'paused'],
    [start + 5 * hour, 'up'],
  ]);
  expect(await read()).toEqual({ ...none, up: 7 * hour, unknown: hour, paused: 2 * hour });
});

test('a monitor created in a fresh installation is up from its first check, before any dispatch', async () => {
  await decide(1, [
    [now - minute, 'unknown'],
    [now - minute + 1_000, 'up'],
  ]);
  const uptimes = await readUptime24h(services, [{ number: 1, createdAt: now - minute }]);
  expect(uptimes.get(1)).toEqual({ percent: 100, observedMs: minute - 1_000 });
});

test('a page of monitors gets what each gets alone', async () => {
  await dispatch(minutesFor(now - 24 * hour, now));
  const monitors = Array.from({ length: 50 }, (_, i) => ({ number: i + 1, createdAt: 0 }));
  for (const { number } of monitors.slice(1))
    await decide(number, [
      [now - 25 * hour, 'up'],
      [now - number * 10 * minute, 'down'],
      [now - number * 9 * minute, 'up'],
    ]);
  const together = await readUptime24h(services, monitors);
  expect(together.get(1)).toEqual({ percent: null, observedMs: 0 });
  expect(together.get(2)?.percent).toBe(Math.floor(((1440 - 2) * 100_000) / 1440) / 1000);
  for (const monitor of monitors)
    expect((await readUptime24h(services, [monitor])).get(monitor.number)).toEqual(together.get(monitor.number));
});

describe('over HTTP', () => {
  test('the list and /uptime agree, and an outage never shows as 100 %', async () => {
    const owner = await signUp();
    const { id } = await create(owner, { url: 'http://127.0.0.1:9/', intervalSeconds: 3600, regions: ['weur'] });
    const number = await numberOf(id);
    await owner.post(`${base}/${id}/pause`);
    await dispatch(minutesFor(now - 25 * hour, now + 2 * minute));
    await env.DB.prepare('DELETE FROM verdict_changes WHERE monitor = ?').bind(number).run();
    await decide(number, [
      [now - 25 * hour, 'up'],
      [now - hour, 'down'],
      [now - hour + 100, 'up'],
    ]);
    const uptime = await bodyOf<UptimeView>(await owner.get(`${base}/${id}/uptime`));
    expect(uptime).toMatchObject({ uptimePercent: 99.999, observedSeconds: 86_400 });
    expect(Date.parse(uptime.to) - Date.parse(uptime.from)).toBe(24 * hour);
    expect(uptime.seconds).toEqual({ ...none, up: 86_400 });
    const item = await bodyOf<MonitorDetailView>(await owner.get(`${base}/${id}`));
    expect(item).toMatchObject({ uptime24h: 99.999, observed24hSeconds: 86_400 });
    const { data } = await bodyOf<{ data: MonitorListItem[] }>(await owner.get(base));
    expect(data.map((m) => m.uptime24h)).toEqual([99.999]);
    const query = `?from=${new Date(now - hour).toISOString()}&to=${new Date(now - hour + 1000).toISOString()}`;
    const outage = await bodyOf<UptimeView>(await owner.get(`${base}/${id}/uptime${query}`));
    expect(outage).toMatchObject({ uptimePercent: 90, observedSeconds: 1 });
  });

  test.each([
    ['?from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z', 'to'],
    ['?from=2024-01-02T00:00:00Z', 'from'],
    ['?to=soon', 'to'],
  ])('refuses %s by name of the parameter', async (query, path) => {
    const owner = await signUp();
    const { id } = await create(owner, { intervalSeconds: 3600, regions: ['weur'] });
    const { status, errors } = await problemOf(await owner.get(`${base}/${id}/uptime${query}`));
    expect([status, errors.map((e) => e.path)]).toEqual([400, [path]]);
  });
});

test('a period with more changes than can be put together is refused, and a part of it answered', async () => {
  const owner = await signUp();
  const { id } = await create(owner, { intervalSeconds: 3600, regions: ['weur'] });
  const number = await numberOf(id);
  await env.DB.batch([
    env.DB.prepare('UPDATE monitors SET created_at = ?2 WHERE number = ?1').bind(number, now - 20 * 24 * hour),
    env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 20100)
       INSERT INTO verdict_changes (monitor, since, at, verdict) SELECT ?1, ?2 + i * 60000, ?2 + i * 60000, iif(i % 2, 'up', 'down') FROM n`,
    ).bind(number, now - 15 * 24 * hour),
  ]);
  const ask = (what: string, days: number) =>
    owner.get(`${base}/${id}/${what}?from=${new Date(now - days * 24 * hour).toISOString()}`);
  for (const what of ['uptime', 'history']) {
    expect(await problemOf(await ask(what, 16))).toMatchObject({ status: 400, errors: [{ path: 'from' }] });
    expect((await ask(what, 2)).status).toBe(200);
  }
});
