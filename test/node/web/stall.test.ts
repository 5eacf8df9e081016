import { QueryClient } from '@tanstack/solid-query';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isAnyStale, refetchVerdicts } from '../../../web/src/app/live/stall.ts';
import type { MonitorListItem, MonitorView } from '../../../worker/contract/views.ts';

/** An open dashboard with the page of one monitor, and a list with another. */
const showing = (opened: string | null, listed: string | null) => {
  const client = new QueryClient();
  client.setQueryData(['monitor', 'opened'], { id: 'opened', staleSince: opened } as MonitorView);
  const data = [{ id: 'listed', staleSince: listed } as MonitorListItem];
  client.setQueryData(['monitors', {}], { pages: [{ data, nextCursor: null }], pageParams: [undefined] });
  return client;
};

const noon = '2026-11-21T12:00:00.000Z';

test.each<[which: string, client: QueryClient, heard: string[], stale: boolean]>([
  ['whose page is open', showing(noon, null), ['opened'], true],
  ['in a list', showing(null, noon), ['other', 'listed'], true],
  ['that is checked', showing(null, null), ['opened', 'listed'], false],
  ['of which no screen shows that it is not checked', showing(noon, null), ['listed', 'other'], false],
])('whether a monitor is shown as not checked: one %s', (_, client, heard, stale) => {
  expect(isAnyStale(client, (id) => heard.includes(id))).toBe(stale);
});

test('what the screens say of verdicts is asked for again, once for many events', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const client = showing(noon, noon);
  const asked = vi.spyOn(client, 'invalidateQueries');
  for (let i = 0; i < 100; i++) refetchVerdicts(client);
  vi.runAllTimers();
  const questions = asked.mock.calls.filter(([filter]) => filter?.refetchType !== 'none');
  expect(questions.map(([filter]) => filter?.queryKey?.[0])).toEqual([
    'monitors',
    'monitor',
    'verdict',
    'dependencies',
    'counts',
  ]);
  expect(client.getQueryState(['monitor', 'opened'])?.isInvalidated).toBe(true);
});
