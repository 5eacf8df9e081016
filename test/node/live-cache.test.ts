import { QueryObserver } from '@tanstack/solid-query';
import { expect, test } from 'vitest';
import { applyLiveEvent } from '../../web/src/liveCache.ts';
import { createQueryClient } from '../../web/src/queryClient.ts';
import { askTicks, dayMs } from '../../web/src/ticks.ts';
import type { TickView } from '../../worker/api/views.ts';

/** Node is given the half of the store that is meant for servers, which reconciles nothing. */
const browsersStore = 'solid-js/store/dist/store.js';
const { createStore, reconcile }: typeof import('solid-js/store') = await import(browsersStore);

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

test('a list that comes back shows each tick once, however many arrive', async () => {
  const ticks = Array.from({ length: 30 }, (_, i) => tick('mon_row', i));
  const list = { pages: [{ data: [{ id: 'mon_row', latestTicks: ticks }], nextCursor: null }], pageParams: [null] };
  const { client, observer, close } = await answered(['monitors', 'all'], list);
  const known = () => observer.getCurrentResult().data as typeof list;
  const [shown, setShown] = createStore({ data: known() });
  for (let i = 30; i < 40; i++) {
    applyLiveEvent(client, { type: 'ticks', ticks: [tick('mon_row', i)] });
    setShown(({ data }) => ({ data: reconcile(known(), { key: 'id' })(data) }));
  }
  const expected = Array.from({ length: 30 }, (_, i) => i + 10);
  expect(shown.data.pages[0]?.data[0]?.latestTicks.map(({ latencyMs }) => latencyMs)).toEqual(expected);
  expect(known().pages[0]?.data[0]?.latestTicks.map(({ latencyMs }) => latencyMs)).toEqual(expected);
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
  expect(answers).toHaveLength(3);
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
  // Not for the whole day once more.
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
