import { QueryObserver } from '@tanstack/solid-query';
import { expect, test, vi } from 'vitest';
import { askAgainSince, createQueryClient } from '../../../web/src/app/cache/queryClient.ts';
import { applyLiveEvent } from '../../../web/src/app/live/liveCache.ts';
import { askTicks, dayMs, withArrived } from '../../../web/src/features/monitors/ticks.ts';
import type { TickView } from '../../../worker/contract/views.ts';
import { unpackChecks } from '../../../worker/domain/checks/recentChecks.ts';

const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;

const tick = (monitorId: string, number: number): TickView => ({
  monitorId,
  region: 'enam',
  outcome: 'up',
  reason: 'ok',
  status: 200,
  latencyMs: number,
  dataCentre: null,
  scheduledAt: new Date(start + number * 10_000).toISOString(),
  startedAt: new Date(start + number * 10_000 + 20).toISOString(),
});

/** A client with a question that was answered, and what asks and shows it as solid-query does. */
const answered = async <T extends object>(queryKey: string[], first: T) => {
  const client = createQueryClient();
  const answers: ((answer: T) => void)[] = [];
  const open = () => {
    const observer = new QueryObserver<T>(client, {
      queryKey,
      queryFn: () => new Promise<T>((resolve) => answers.push(resolve)),
      structuralSharing: false,
    });
    return { observer, close: observer.subscribe(() => undefined) };
  };
  const { observer, close } = open();
  answers[0]?.(first);
  await expect.poll(() => observer.getCurrentResult().isSuccess).toBe(true);
  return { client, answers, open, close, observer };
};

const verdict = (monitorId: string) =>
  ({
    type: 'verdict',
    monitorId,
    verdict: 'down',
    verdictSince: new Date(start).toISOString(),
    suspect: false,
    flapping: false,
    regionHealth: {},
  }) as const;

test.each([
  ['channels-changed', 'deliveries'],
  ['channels-changed', 'audit'],
  ['monitors-changed', 'deliveries'],
  ['monitors-changed', 'maintenance'],
  ['monitors-changed', 'status-pages'],
] as const)('after %s, %s are asked for again', async (type, name) => {
  const { client, answers, close } = await answered([name, 'list'], []);
  applyLiveEvent(client, { type });
  await expect.poll(() => answers.length).toBe(2);
  close();
});

test('a row shows each tick once, however often it arrives, and the newest thirty', async () => {
  const ticks = Array.from({ length: 30 }, (_, i) => tick('mon_row', i));
  const item = { id: 'mon_row', recentChecks: withArrived('', ticks) };
  const list = { pages: [{ data: [item], nextCursor: null }], pageParams: [null] };
  const { client, observer, close } = await answered(['monitors', 'all'], list);
  const shown = () => {
    const { pages } = observer.getCurrentResult().data as typeof list;
    return unpackChecks(pages[0]?.data[0]?.recentChecks ?? '');
  };
  for (let i = 30; i < 40; i++)
    for (const arrived of [[tick('mon_row', i)], [tick('mon_row', i), tick('mon_row', i - 5)]])
      applyLiveEvent(client, { type: 'ticks', ticks: arrived });
  expect(shown().map(({ latencyMs }) => latencyMs)).toEqual(Array.from({ length: 30 }, (_, i) => i + 10));
  expect(shown()[0]).toEqual({
    ...{ region: 'enam', outcome: 'up', answered: true, latencyMs: 10 },
    at: Date.parse(tick('mon_row', 10).scheduledAt),
  });
  close();
});

test('a verdict does not make fresh what else is known of a monitor and outdated', async () => {
  const { client, answers, open, close } = await answered(['monitor', 'mon_1'], { name: 'The old name' });
  close();
  applyLiveEvent(client, { type: 'monitors-changed' });
  applyLiveEvent(client, verdict('mon_1'));
  const again = open();
  expect(again.observer.getCurrentResult().data).toMatchObject({ name: 'The old name', verdict: 'down' });
  expect(answers).toHaveLength(2);
  again.close();
});

test('an answer on its way does not undo what a verdict did to those that depend on the monitor', async () => {
  const { client, answers, observer, close } = await answered(['dependencies', 'mon_2'], {
    dependsOn: [{ id: 'mon_1', verdict: 'up' }],
    dependents: [],
  });
  void observer.refetch();
  applyLiveEvent(client, verdict('mon_1'));
  answers[1]?.({ dependsOn: [{ id: 'mon_1', verdict: 'up' }], dependents: [] });
  expect(observer.getCurrentResult().data).toMatchObject({ dependsOn: [{ id: 'mon_1', verdict: 'down' }] });
  await expect.poll(() => answers.length).toBe(3);
  expect(observer.getCurrentResult().data).toMatchObject({ dependsOn: [{ id: 'mon_1', verdict: 'down' }] });
  close();
});

test('a tick that came between the answer and the feed is found when the ticks are asked for again', async () => {
  const all = Array.from({ length: 360 }, (_, i) => tick('mon_3', i));
  const queryKey = ['ticks', 'mon_3'];
  const { client, close } = await answered(queryKey, all.slice(0, 300));
  applyLiveEvent(client, { type: 'ticks', ticks: all.slice(359) });
  const asked: string[] = [];
  const found = await askTicks(
    'mon_3',
    () => client.getQueryState<TickView[]>(queryKey),
    async (from) => {
      asked.push(from);
      const ofOthers = Array.from({ length: 1_000 }, (_, i) => tick('mon_5', i));
      for (const ticks of [[tick('mon_3', 360)], ofOthers]) applyLiveEvent(client, { type: 'ticks', ticks });
      return all.filter(({ scheduledAt }) => scheduledAt >= from);
    },
  );
  expect(found.map(({ latencyMs }) => latencyMs)).toEqual([...all.keys(), 360]);
  // Not for the whole day again.
  expect(Date.parse(asked[0] ?? '')).toBeGreaterThan(Date.now() - dayMs / 24);
  close();
});

test('ticks of more than a day ago are let go', async () => {
  const old = { ...tick('mon_4', 0), scheduledAt: new Date(Date.now() - dayMs - 1_000).toISOString() };
  const recent = tick('mon_4', 1);
  const state = { data: [old, recent], dataUpdatedAt: Date.now() };
  expect(
    await askTicks(
      'mon_4',
      () => state,
      async () => [],
    ),
  ).toEqual([recent]);
});

test('an event that arrived while an answer was on its way stays if the screen is left before the answer comes', async () => {
  const { client, answers, open, close, observer } = await answered(['monitor', 'mon_1'], {
    name: 'Shop',
    verdict: 'up',
  });
  void observer.refetch();
  applyLiveEvent(client, verdict('mon_1'));
  void observer.refetch();
  applyLiveEvent(client, { ...verdict('mon_1'), verdict: 'degraded' });
  close();
  const again = open();
  expect(again.observer.getCurrentResult().data).toMatchObject({ verdict: 'degraded' });
  await expect.poll(() => answers.length).toBeGreaterThan(3);
  again.close();
});

test('data that many events outdate is fetched at once and then at intervals, and not once for each event', async () => {
  vi.useFakeTimers();
  try {
    const client = createQueryClient();
    const asked: number[] = [];
    const observer = new QueryObserver(client, {
      queryKey: ['counts'],
      queryFn: async () => asked.push(Date.now()),
      staleTime: Infinity,
    });
    const close = observer.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(10);
    expect(asked).toHaveLength(1);
    // Fifty monitors break within 40 seconds, and each is notified of four times.
    for (let i = 0; i < 200; i++) {
      applyLiveEvent(client, verdict(`mon_${i % 50}`));
      await vi.advanceTimersByTimeAsync(200);
    }
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.length).toBeLessThanOrEqual(16);
    applyLiveEvent(client, verdict('mon_1'));
    await vi.advanceTimersByTimeAsync(300);
    expect(Date.now() - (asked.at(-1) ?? 0)).toBeLessThan(300);
    close();
  } finally {
    vi.useRealTimers();
  }
});

test('a new socket asks again for what was answered before it and for what failed, and for nothing else', async () => {
  const client = createQueryClient();
  const asked: string[] = [];
  const open = (name: string, answer: () => Promise<string>) => {
    const queryFn = () => {
      asked.push(name);
      return answer();
    };
    const observer = new QueryObserver(client, { queryKey: [name], queryFn, retry: false, staleTime: Infinity });
    return observer.subscribe(() => undefined);
  };
  const closes = [
    open('before', async () => 'known'),
    open('past-verdict', async () => 'known'),
    open('failed', async () => Promise.reject(new Error('away'))),
    open('on its way', () => new Promise(() => undefined)),
  ];
  await expect.poll(() => client.getQueryState(['failed'])?.status).toBe('error');
  const openedAt = (client.getQueryState(['before'])?.dataUpdatedAt ?? 0) + 1;
  await expect.poll(() => Date.now()).toBeGreaterThan(openedAt);
  closes.push(open('after', async () => 'known'));
  await expect.poll(() => client.getQueryState(['after'])?.status).toBe('success');
  asked.length = 0;
  askAgainSince(client, openedAt);
  await expect.poll(() => asked.toSorted()).toEqual(['before', 'failed']);
  for (const close of closes) close();
});

test.each([
  ['is fetched again if the monitor is on no page that is loaded', 'next', true],
  ['is left alone if it is loaded to its end', null, false],
])('after a verdict the list %s', async (_, nextCursor, isAskedAgain) => {
  const first = { pages: [{ data: [{ id: 'a' }], nextCursor }], pageParams: [undefined] };
  const { client, close } = await answered(['monitors'], first);
  applyLiveEvent(client, verdict('far'));
  expect(client.getQueryState(['monitors'])?.isInvalidated).toBe(isAskedAgain);
  close();
});
