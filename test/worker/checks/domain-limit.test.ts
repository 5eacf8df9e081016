import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { dispatchMinute } from '../../../worker/checks/dispatch/dispatch.ts';
import { limitDomains } from '../../../worker/checks/dispatch/limitDomains.ts';
import { type ChecksMessage, unpackMessage } from '../../../worker/checks/dispatch/message.ts';
import { loadChecks } from '../../../worker/checks/pipeline/check.ts';
import { sweepStaleRegions } from '../../../worker/checks/regions/staleRegions.ts';
import type { MonitorDetailView } from '../../../worker/contract/views.ts';
import { takeDomainTurn } from '../../../worker/db/checks/domainTurns.ts';
import { listLags } from '../../../worker/db/checks/queueLag.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { runMinute } from '../../../worker/handlers.ts';
import type { MonitorRecord } from '../../../worker/objects/monitorRecord.ts';
import type { Services } from '../../../worker/services.ts';
import { packTicks } from '../../../worker/ticks/format.ts';
import { billedServices } from '../database/rows.ts';
import { base, create, url } from '../monitors/monitorApi.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { seedCohort, services } from '../support/seed.ts';

const three: Region[] = ['enam', 'weur', 'apac'];
const begun = Math.floor(Date.now() / 60_000) * 60_000 + 86_400_000;

beforeEach(async () => {
  await env.DB.batch(
    ['monitors', 'cohorts', 'cohort_memberships', 'tick_batches', 'domain_turns', 'dispatches'].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
});

const limited = (now: number, from: Services = services): Services => ({
  ...from,
  now: () => now,
  config: { ...services.config, domainRequestsPerSecond: 20 },
});

const monitorsOf = (domain: string, count: number) =>
  Array.from({ length: count }, (_, i) => `https://${i % 2 ? 'www.' : ''}${domain}/${i}`);

/** All that is sent for these minutes, by the cron's own two steps. */
const dispatched = async (minutes: number) => {
  const sent: ChecksMessage[] = [];
  const queue = () =>
    ({
      sendBatch: async (messages: { body: ChecksMessage }[]) => {
        sent.push(...messages.flatMap(({ body }) => unpackMessage(body)));
      },
    }) as unknown as Queue;
  // Domains of seeded monitors are filled in two steps, and what the second changes waits for a stretched interval.
  for (let minute = -5; minute < minutes; minute++) {
    const at = begun + minute * 60_000;
    if (minute >= 0) sent.splice(0, minute === 0 ? sent.length : 0);
    await limitDomains(limited(at));
    await dispatchMinute({ ...limited(at), queue }, at);
  }
  return sent;
};

const checksOf = (messages: readonly ChecksMessage[], numbers: ReadonlySet<number>) =>
  messages.flatMap(({ monitors, slot, region }) =>
    monitors.filter((monitor) => numbers.has(monitor)).map((monitor) => ({ monitor, slot, region })),
  );

const numbersOf = (seeded: readonly { monitors: { number: number }[] }[]) =>
  new Set(seeded.flatMap(({ monitors }) => monitors.map(({ number }) => number)));

const stretchesOf = async (numbers: ReadonlySet<number>) => {
  const { results } = await env.DB.prepare(
    'SELECT DISTINCT stretch FROM monitors WHERE number IN (SELECT value FROM json_each(?)) ORDER BY 1',
  )
    .bind(JSON.stringify([...numbers]))
    .all<{ stretch: number }>();
  return results.map(({ stretch }) => stretch);
};

test('a hundred teams put no more regular checks on a domain than its limit; strangers and other domains are not touched', async () => {
  const heavy = [];
  for (let team = 0; team < 100; team++)
    heavy.push(await seedCohort({ urls: monitorsOf('big.example', 10), regions: three, intervalSeconds: 10 }));
  const stranger = await seedCohort({ urls: ['https://api.big.example/'], regions: three, intervalSeconds: 30 });
  const other = await seedCohort({ urls: monitorsOf('other.example', 20), regions: three, intervalSeconds: 10 });

  const minutes = 8;
  const messages = await dispatched(minutes);
  const [ofHeavy, ofStranger, ofOther] = [heavy, [stranger], [other]].map((seeded) => numbersOf(seeded));
  // 100 teams share 13.5 a second, less what the stranger needs: 482 an hour each, of 10,800, or every 223 s.
  expect(await stretchesOf(ofHeavy ?? new Set())).toEqual([24]);
  expect(await stretchesOf(ofStranger ?? new Set())).toEqual([1]);

  const onDomain = new Set([...(ofHeavy ?? []), ...(ofStranger ?? [])]);
  // In no single second, though a hundred cohorts would meet in many.
  const perSecond = Map.groupBy(checksOf(messages, onDomain), ({ slot }) => slot);
  expect(Math.max(...[...perSecond.values()].map((checks) => checks.length))).toBeLessThanOrEqual(15);

  // Eight minutes are two stretched intervals of 240 s: each is checked twice from each region, evenly.
  const perMonitor = Map.groupBy(
    checksOf(messages, ofHeavy ?? new Set()),
    ({ monitor, region }) => `${monitor} ${region}`,
  );
  expect(perMonitor.size).toBe(1_000 * 3);
  for (const checks of perMonitor.values()) {
    const slots = checks.map(({ slot }) => slot).sort((a, b) => a - b);
    expect(slots).toHaveLength(2);
    expect((slots[1] ?? 0) - (slots[0] ?? 0)).toBe(240_000);
  }
  expect(checksOf(messages, ofStranger ?? new Set())).toHaveLength(minutes * 2 * 3);
  expect(checksOf(messages, ofOther ?? new Set())).toHaveLength(minutes * 6 * 3 * 20);
});

test('many monitors of one domain are spread over the seconds of their interval, and others keep their one batch', async () => {
  const many = await seedCohort({ urls: monitorsOf('bursts.example', 100), regions: three, intervalSeconds: 60 });
  const few = await seedCohort({ urls: monitorsOf('calm.example', 15), regions: three, intervalSeconds: 60 });
  const messages = await dispatched(3);
  expect(await stretchesOf(numbersOf([many, few]))).toEqual([1]);
  const perSecond = Map.groupBy(checksOf(messages, numbersOf([many])), ({ slot }) => slot);
  expect(Math.max(...[...perSecond.values()].map((checks) => checks.length))).toBe(10);
  const perMonitor = Map.groupBy(
    checksOf(messages, numbersOf([many])),
    ({ monitor, region }) => `${monitor} ${region}`,
  );
  expect(perMonitor.size).toBe(300);
  for (const checks of perMonitor.values()) {
    const slots = checks.map(({ slot }) => slot).sort((x, y) => x - y);
    expect(slots.slice(1).map((slot, i) => slot - (slots[i] ?? 0))).toEqual([60_000, 60_000]);
  }
  expect(messages.filter(({ cohort }) => cohort === few.cohort)).toHaveLength(3 * 3);
});

test('regular checks of a domain reduce the turns for checks on demand, down to a quarter', async () => {
  const turn = async (domain: string) => {
    const ask = (teamId: string) => takeDomainTurn(limited(begun), { domain, teamId, requests: 15, maxWaitMs: 60_000 });
    await ask('first');
    return ask('second');
  };
  await seedCohort({ urls: monitorsOf('half.example', 100), regions: ['weur'], intervalSeconds: 10 });
  await seedCohort({ urls: monitorsOf('full.example', 100), regions: three, intervalSeconds: 10 });
  await seedCohort({ urls: monitorsOf('brim.example', 43), regions: three, intervalSeconds: 10 });
  await seedCohort({ urls: monitorsOf('quiet.example', 10), regions: ['weur'], intervalSeconds: 10 });
  await limitDomains(limited(begun));
  // 20 a second, less the 10 in the fullest second (one in three slots: of 30 a second), less the 15 of 12.9 a second,
  // and less the 10 that may meet in one, unplanned.
  const waits = ['half.example', 'full.example', 'brim.example', 'quiet.example'].map(turn);
  expect(await Promise.all(waits)).toEqual([1_500, 1_500, 3_000, 1_500]);
});

test('a limit is raised at once, and lowered ten minutes after it changed last', async () => {
  const first = await seedCohort({ urls: monitorsOf('more.example', 100), regions: three, intervalSeconds: 10 });
  await limitDomains(limited(begun));
  expect(await stretchesOf(numbersOf([first]))).toEqual([3]);
  const second = await seedCohort({
    urls: monitorsOf('more.example', 100),
    regions: three,
    intervalSeconds: 10,
    teamId: first.teamId,
  });
  await limitDomains(limited(begun + 60_000));
  expect(await stretchesOf(numbersOf([first, second]))).toEqual([6]);
  await env.DB.prepare('DELETE FROM monitors WHERE cohort = ?').bind(second.cohort).run();
  await limitDomains(limited(begun + 120_000));
  expect(await stretchesOf(numbersOf([first]))).toEqual([6]);
  await limitDomains(limited(begun + 660_000));
  expect(await stretchesOf(numbersOf([first]))).toEqual([3]);
  await env.DB.prepare('DELETE FROM monitors WHERE cohort = ? AND number % 3').bind(first.cohort).run();
  await limitDomains(limited(begun + 1_260_000));
  expect(await stretchesOf(numbersOf([first]))).toEqual([1]);
  await env.DB.prepare('DELETE FROM monitors').run();
  await limitDomains(limited(begun + 1_320_000));
  const noted = await env.DB.prepare('SELECT count(*) AS n FROM domain_turns WHERE regular_per_hour > 0').first('n');
  expect(noted).toBe(0);
});

test('a stretched monitor becomes unknown after two of its own intervals, not before', async () => {
  const at = Date.now() - 20_000;
  const seeded = await seedCohort({
    urls: ['https://slow.example/'],
    regions: three,
    verdict: 'unknown',
    createdAt: at,
  });
  await env.DB.prepare('UPDATE monitors SET stretch = 10').run();
  const { id, number } = seeded.monitors[0] ?? { id: '', number: 0 };
  for (const region of three) {
    const outcome = {
      ...({ health: 'up', reason: 'ok', status: 200, latencyMs: 12, region, dataCentre: null } as const),
      ...{ scheduledAt: at, startedAt: at },
    };
    await services.monitor(id).observe({ id, number, teamId: seeded.teamId }, outcome, 0, 'run_test');
    await env.DB.prepare('INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, ?, ?, ?)')
      .bind(seeded.cohort, at, region, 'normal', packTicks([{ monitor: number, outcome }]))
      .run();
  }
  const verdictAt = async (now: number) => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now);
    await sweepStaleRegions(services);
    clock.mockRestore();
    return env.DB.prepare('SELECT verdict FROM monitors WHERE number = ?').bind(number).first('verdict');
  };
  expect(await verdictAt(at + 600_000)).toBe('up');
  expect(await verdictAt(at + 624_000)).toBe('up');
  expect(await verdictAt(at + 626_000)).toBe('unknown');
});

test('a monitor whose limit was lowered has time to be checked before it counts as stale', async () => {
  const at = Date.now() - 400_000;
  const seeded = await seedCohort({ urls: ['https://slow.example/'], createdAt: at });
  const { id } = seeded.monitors[0] ?? { id: '' };
  const asked: string[] = [];
  const monitor = (name: string) => {
    asked.push(name);
    return services.monitor(name);
  };
  const sweepAt = (now: number) => sweepStaleRegions({ ...services, monitor, now: () => now });
  await env.DB.prepare('UPDATE monitors SET stretched_at = ?')
    .bind(at + 300_000)
    .run();
  await sweepAt(at + 300_000 + 120_000 + 84_000);
  expect(asked).toEqual([]);
  await sweepAt(at + 300_000 + 120_000 + 86_000);
  expect(asked).toEqual([id]);
});

const upSince = async (seeded: Awaited<ReturnType<typeof seedCohort>>, at: number) => {
  for (const { id, number } of seeded.monitors)
    for (const region of three) {
      const outcome = {
        ...({ health: 'up', reason: 'ok', status: 200, latencyMs: 12, region, dataCentre: null } as const),
        ...{ scheduledAt: at, startedAt: at },
      };
      await services.monitor(id).observe({ id, number, teamId: seeded.teamId }, outcome, 0, 'run_test');
      await env.DB.prepare(
        `INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?1, ?2, ?3, 'normal', ?4)
         ON CONFLICT DO UPDATE SET ticks = json_patch(ticks, excluded.ticks)`,
      )
        .bind(seeded.cohort, at, region, packTicks([{ monitor: number, outcome }]))
        .run();
    }
};

const verdictsAt = async (now: number, run: () => Promise<unknown>) => {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now);
  await run();
  clock.mockRestore();
  const { results } = await env.DB.prepare('SELECT DISTINCT verdict FROM monitors').all<{ verdict: string }>();
  return results.map(({ verdict }) => verdict);
};

/** The whole minute of the cron, with no messages sent. */
const minuteAt = (now: number) =>
  verdictsAt(now, () =>
    runMinute(
      {
        ...services,
        now: () => now,
        config: { ...services.config, domainRequestsPerSecond: 1 },
        queue: () => ({ sendBatch: async () => undefined }) as unknown as Queue,
      },
      now,
    ),
  );

test('a monitor that is stretched in the minute in which it would become stale waits for its first slot', async () => {
  const at = Date.now() - 20_000;
  const seeded = await seedCohort({
    ...{ urls: monitorsOf('waits.example', 12), regions: three, intervalSeconds: 10 },
    ...{ verdict: 'unknown', createdAt: at },
  });
  await upSince(seeded, at);
  expect(await verdictsAt(at + 1_000, () => Promise.resolve())).toEqual(['up']);
  const raisedAt = at + 60_000;
  expect(await minuteAt(raisedAt)).toEqual(['up']);
  expect(await stretchesOf(numbersOf([seeded]))).toEqual([6]);
  // Two stretched intervals, the timeout and an allowance after the last check that was dispatched before.
  expect(await minuteAt(raisedAt + 240_000)).toEqual(['up']);
  expect(await minuteAt(raisedAt + 300_000)).toEqual(['unknown']);
});

test('without a limit the same stale monitor is found at once', async () => {
  const at = Date.now() - 20_000;
  const seeded = await seedCohort({
    ...{ urls: monitorsOf('quiet.example', 1), regions: three, intervalSeconds: 10 },
    ...{ verdict: 'unknown', createdAt: at },
  });
  await upSince(seeded, at);
  expect(await verdictsAt(at + 1_000, () => Promise.resolve())).toEqual(['up']);
  expect(await minuteAt(at + 60_000)).toEqual(['unknown']);
  expect(await stretchesOf(numbersOf([seeded]))).toEqual([1]);
});

test('a load that grows each minute does not put the checks of a stretched monitor off, and new ones are stretched at once', async () => {
  const seed = (urls: string[], teamId?: string) =>
    seedCohort({ urls, regions: three, intervalSeconds: 10, ...(teamId && { teamId }) });
  const first = await seed(monitorsOf('grows.example', 1_000));
  const seeded = [first];
  const raises: { at: number; stretch: number }[] = [];
  for (let minute = 0; minute < 10; minute++) {
    const at = begun + minute * 60_000;
    await limitDomains(limited(at));
    const [stretch = 0] = await stretchesOf(numbersOf([first]));
    if (stretch !== raises.at(-1)?.stretch) raises.push({ at, stretch });
    seeded.push(await seed(monitorsOf('grows.example', 100), first.teamId));
    await limitDomains(limited(at + 1_000));
    const [own = 0] = await stretchesOf(numbersOf(seeded.slice(-1)));
    expect(own).toBeGreaterThanOrEqual(stretch);
  }
  expect(raises[0]?.stretch).toBe(24);
  expect(raises.length).toBeGreaterThan(1);
  for (const [i, { at }] of raises.entries())
    expect(at - (raises[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual((raises[i - 1]?.stretch ?? 0) * 10_000);
});

test('a Monitor object learns of another stretch with the next loud outcome', async () => {
  const at = Date.now() - 20_000;
  const seeded = await seedCohort({ urls: ['https://slow.example/'], regions: three, createdAt: at });
  await upSince(seeded, at);
  expect(await verdictsAt(at + 1_000, () => Promise.resolve())).toEqual(['up']);
  const [{ id, number }] = seeded.monitors as [{ id: string; number: number }];
  const known = () =>
    runInDurableObject(
      services.monitor(id),
      async (_, { storage }) => (await storage.get<MonitorRecord>('monitor'))?.settings.intervalSeconds,
    );
  const before = await known();
  await env.DB.prepare('UPDATE monitors SET stretch = 20, stretched_at = ?')
    .bind(at + 5_000)
    .run();
  const [check] = await loadChecks(services, { cohort: seeded.cohort, region: 'weur', monitors: [number] });
  const outcome = {
    ...({ health: 'down', reason: 'status', status: 500, latencyMs: 12, region: 'weur', dataCentre: null } as const),
    ...{ scheduledAt: at + 10_000, startedAt: at + 10_000 },
  };
  await services.monitor(id).observe({ id, number, teamId: seeded.teamId }, outcome, check?.changedAt ?? 0, 'run_test');
  expect(await known()).toBe((before ?? 0) * 20);
});

test('a cohort that is checked more often again does not count as a queue that lags before it is dispatched so', async () => {
  const seeded = await seedCohort({ urls: ['https://slow.example/'], createdAt: begun - 3_600_000 });
  await env.DB.prepare(
    "INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, 'weur', 'normal', '{}')",
  )
    .bind(seeded.cohort, begun - 250_000)
    .run();
  const isLate = async () => (await listLags(services.db, begun)).map(({ lagMs, allowedMs }) => lagMs > allowedMs);
  await env.DB.prepare('UPDATE monitors SET stretched_at = ?')
    .bind(begun - 120_000)
    .run();
  expect(await isLate()).toEqual([false]);
  await env.DB.prepare('UPDATE monitors SET stretched_at = ?')
    .bind(begun - 240_000)
    .run();
  expect(await isLate()).toEqual([true]);
});

test('a cohort whose monitors are all stretched does not count as a queue that lags', async () => {
  const seeded = await seedCohort({ urls: ['https://slow.example/'], createdAt: begun - 3_600_000 });
  await env.DB.prepare(
    "INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, 'weur', 'normal', '{}')",
  )
    .bind(seeded.cohort, begun - 250_000)
    .run();
  const isLate = async () => (await listLags(services.db, begun)).map(({ lagMs, allowedMs }) => lagMs > allowedMs);
  expect(await isLate()).toEqual([true]);
  await env.DB.prepare('UPDATE monitors SET stretch = 10').run();
  expect(await isLate()).toEqual([false]);
});

test('the page of a limited monitor names the domain and the interval, and a new one of its team is limited at once', async () => {
  const owner = await signUp();
  const first = await create(owner, { intervalSeconds: 10 });
  const detail = async (id: string) => bodyOf<MonitorDetailView>(await owner.get(`${base}/${id}`));
  expect((await detail(first.id)).limitedBy).toBeNull();
  await env.DB.prepare('UPDATE monitors SET stretch = 6 WHERE id = ?').bind(first.id).run();
  const limitedBy = {
    domain: new URL(url).hostname,
    requestsPerSecond: services.config.domainRequestsPerSecond,
    effectiveIntervalSeconds: 60,
  };
  expect((await detail(first.id)).limitedBy).toEqual(limitedBy);
  const second = await create(owner, { intervalSeconds: 10 });
  expect((await detail(second.id)).limitedBy).toEqual(limitedBy);
  const stranger = await signUp();
  const theirs = await create(stranger, { intervalSeconds: 10 });
  expect(await bodyOf<MonitorDetailView>(await stranger.get(`${base}/${theirs.id}`))).toMatchObject({
    limitedBy: null,
  });
});

test('at 10,000 monitors the load is counted in one row for each, and nothing is written while nothing changes', async () => {
  for (let i = 0; i < 100; i++)
    await seedCohort({ urls: Array.from({ length: 100 }, (_, j) => `https://site-${i * 100 + j}.example/`) });
  for (let i = 0; i < 12; i++) await limitDomains(limited(begun + i));
  const { services: billing, billed } = billedServices();
  await limitDomains(limited(begun, billing));
  const read = billed.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
  expect(read).toBeGreaterThanOrEqual(10_000);
  expect(read).toBeLessThan(20_100);
  expect(billed.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0)).toBe(0);
});
