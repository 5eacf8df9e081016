import type { InfiniteData, QueryClient } from '@tanstack/solid-query';
import type { MonitorListItem, MonitorView, Page } from '../../../../worker/contract/views.ts';
import { invalidateSoon } from '../cache/askSoon.ts';

/** Only the API shows which verdicts are current during and after a stall: events do not. */

/** Whether any of these monitors is shown as one that is not checked. */
export const isAnyStale = (client: QueryClient, isMeant: (monitorId: string) => boolean): boolean => {
  const lists = client.getQueriesData<InfiniteData<Page<MonitorListItem>>>({ queryKey: ['monitors'] });
  const listed = lists.flatMap(([, found]) => found?.pages.flatMap((page) => page.data) ?? []);
  const opened = client.getQueriesData<MonitorView>({ queryKey: ['monitor'] }).map(([, found]) => found);
  return [...listed, ...opened].some((monitor) => monitor && monitor.staleSince !== null && isMeant(monitor.id));
};

export const refetchVerdicts = (client: QueryClient): void => {
  for (const key of ['monitors', 'monitor', 'verdict', 'dependencies', 'counts']) invalidateSoon(client, [key]);
};
