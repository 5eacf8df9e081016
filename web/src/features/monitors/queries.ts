import type { QueryClient } from '@tanstack/solid-query';
import type { MonitorDetailView, MonitorListItem } from '../../../../worker/contract/views.ts';
import { api, type MonitorFilter } from '../../app/cache/api.ts';
import { paged, question } from '../../app/cache/query.ts';
import { recentTicks, withArrived } from './ticks.ts';

export const monitorsQuery = (filter: MonitorFilter) =>
  paged({
    queryKey: ['monitors', filter],
    identity: ['id'],
    queryFn: async ({ pageParam }) => {
      const page = await api.monitors(filter, pageParam);
      const told = (item: MonitorListItem) => withArrived(item.recentChecks, recentTicks(item.id));
      return { ...page, data: page.data.map((item) => ({ ...item, recentChecks: told(item) })) };
    },
    staleTime: 0,
    refetchInterval: 120_000,
  });

const idsPerRequest = 100;

/** Those of these monitors that are there, by name and address. */
export const namedMonitorsQuery = (ids: readonly string[]) =>
  question({
    queryKey: ['monitors-named', ids],
    identity: ['id'],
    queryFn: async () => {
      const found: Pick<MonitorListItem, 'id' | 'name' | 'address'>[] = [];
      for (let from = 0; from < ids.length; from += idsPerRequest) {
        const { data } = await api.namedMonitors(ids.slice(from, from + idsPerRequest));
        found.push(...data.map(({ id, name, address }) => ({ id, name, address })));
      }
      return found;
    },
  });

/** The monitors with one of these tags, the first hundred of each; `isPartial` means that there are more. */
export const taggedMonitorsQuery = (tags: readonly string[]) =>
  question({
    queryKey: ['monitors-tagged', tags],
    identity: ['id'],
    queryFn: async () => {
      const pages = [];
      for (const tag of tags) pages.push(await api.monitors({ tag }));
      const items = new Map(pages.flatMap(({ data }) => data.map((item) => [item.id, item])));
      return { monitors: [...items.values()], isPartial: pages.some(({ nextCursor }) => nextCursor !== null) };
    },
    placeholderData: (before) => before,
  });

/** All tags of the team's monitors, whatever of the list is loaded. */
export const tagsQuery = () =>
  question({ queryKey: ['tags'], identity: ['id'], queryFn: async () => (await api.monitorTags()).data });

export const monitorQuery = (id: string) =>
  question({ queryKey: ['monitor', id], identity: ['id'], queryFn: () => api.monitor(id) });

/** A page shows a new monitor at once, and asks for it again; lists ask again. */
export const rememberNewMonitor = (client: QueryClient, monitor: MonitorDetailView): void => {
  client.setQueryData(monitorQuery(monitor.id).queryKey, monitor, { updatedAt: 0 });
  void client.invalidateQueries({ queryKey: ['monitors'] });
};

/** Its dependencies and dependents. */
export const dependenciesQuery = (id: string) =>
  question({ queryKey: ['dependencies', id], identity: ['id'], queryFn: () => api.dependencies(id) });

/** The number of the team's monitors by state, whether loaded or not; with a search, of its results. */
export const countsQuery = (found: Pick<MonitorFilter, 'search' | 'tag' | 'digest'> = {}) =>
  question({
    queryKey: ['counts', found],
    identity: ['id'],
    queryFn: () => api.monitorCounts(found),
    refetchInterval: 60_000,
  });
