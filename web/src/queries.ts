import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/solid-query';
import type {
  ChannelView,
  IncidentDetailView,
  MonitorListItem,
  OccurrenceView,
  TickView,
} from '../../worker/api/views.ts';
import { allPages } from './allPages.ts';
import { api, type DeliveryFilter, type MonitorFilter, type ReclassifiedTime } from './api.ts';
import type { MaintenanceTimes } from './maintenanceDraft.ts';
import { remember } from './queryClient.ts';
import { askTicks, dayMs, latestTicks, recentTicks } from './ticks.ts';

/** Every question that the screens ask, with its place in the cache. `liveCache.ts` writes to the same places. */

export const meQuery = () => queryOptions({ queryKey: ['me'], queryFn: api.me, staleTime: Infinity });

export const regionsQuery = () => queryOptions({ queryKey: ['regions'], queryFn: api.regions, staleTime: Infinity });

/** What the team uses of its limits. Each entry is found again by its name. */
export const limitsQuery = () =>
  queryOptions({ queryKey: ['limits'], queryFn: api.limits, staleTime: 0, reconcile: 'name' as const });

/** What may change of the regions by itself: that one is distrusted, and that no checks are run from anywhere. */
export const presentRegionsQuery = () => ({ ...regionsQuery(), staleTime: 30_000, refetchInterval: 60_000 });

export const monitorsQuery = (filter: MonitorFilter) =>
  infiniteQueryOptions({
    queryKey: ['monitors', filter],
    queryFn: async ({ pageParam }) => {
      const page = await api.monitors(filter, pageParam);
      const told = (item: MonitorListItem) => latestTicks(item.latestTicks, recentTicks(item.id));
      return { ...page, data: page.data.map((item) => ({ ...item, latestTicks: told(item) })) };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 0,
    refetchInterval: 120_000,
  });

export const monitorQuery = (id: string) => queryOptions({ queryKey: ['monitor', id], queryFn: () => api.monitor(id) });

/** What it depends on, and what depends on it. */
export const dependenciesQuery = (id: string) =>
  queryOptions({ queryKey: ['dependencies', id], queryFn: () => api.dependencies(id) });

/**
 * All ticks of the last 24 hours, oldest first. Asked for again now and then, because the feed tells only of checks that
 * were sent out while somebody looked. Not reconciled: thousands of plain objects stay plain.
 */
export const ticksQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticks', id],
    queryFn: ({ client, queryKey }) =>
      askTicks(
        id,
        () => client.getQueryState<TickView[]>(queryKey),
        async (from, to) => {
          const ticks: TickView[] = [];
          let cursor: string | undefined;
          do {
            const page = await api.ticks(id, from, to, cursor);
            ticks.push(...page.data);
            cursor = page.nextCursor ?? undefined;
          } while (cursor);
          return ticks;
        },
      ),
    refetchInterval: 60_000,
    reconcile: false,
  });

export const uptimeQuery = (id: string, days: number) =>
  queryOptions({
    queryKey: ['uptime', id, days],
    queryFn: () => {
      const to = Date.now();
      return api.uptime(id, new Date(to - days * dayMs).toISOString(), new Date(to).toISOString());
    },
    refetchInterval: 60_000,
  });

/** Asked again now and then, because the evidence of regions that only confirm the verdict makes no event. */
export const verdictQuery = (id: string) =>
  queryOptions({ queryKey: ['verdict', id], queryFn: () => api.verdict(id), refetchInterval: 30_000 });

/** What was decided stays as it is. */
export const pastVerdictQuery = (id: string, at: string) =>
  queryOptions({ queryKey: ['past-verdict', id, at], queryFn: () => api.verdict(id, at), staleTime: Infinity });

export const verdictsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['verdicts', id],
    queryFn: ({ pageParam }) => api.verdicts(id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

/** The spans of verdicts of the last `days`. */
export const historyQuery = (id: string, days: number) =>
  queryOptions({
    queryKey: ['history', id, days],
    queryFn: () => {
      const to = Date.now();
      return api.history(id, new Date(to - days * dayMs).toISOString(), new Date(to).toISOString());
    },
    refetchInterval: 60_000,
    reconcile: 'from',
  });

export const reclassificationsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['reclassifications', id],
    queryFn: ({ pageParam }) => api.reclassifications(id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const reclassificationPreviewQuery = (id: string, time: ReclassifiedTime) =>
  queryOptions({
    queryKey: ['reclassifications', id, 'preview', time],
    queryFn: () => api.previewReclassification(id, time),
  });

export const auditQuery = (monitorId: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['audit', monitorId],
    queryFn: ({ pageParam }) => api.audit(monitorId, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const incidentsQuery = (filter: { monitorId?: string; state?: 'open' | 'resolved' }) =>
  infiniteQueryOptions({
    queryKey: ['incidents', filter],
    queryFn: ({ pageParam }) => api.incidents(filter, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const incidentQuery = (id: string) =>
  queryOptions({ queryKey: ['incident', id], queryFn: () => api.incident(id) });

/** Puts the answer to a change where the screens read it; lists ask anew. */
export const rememberIncident = (client: QueryClient, incident: IncidentDetailView): void => {
  remember(client, incidentQuery(incident.id).queryKey, incident);
  void client.invalidateQueries({ queryKey: ['incidents'] });
};

export const maintenanceQuery = () =>
  infiniteQueryOptions({
    queryKey: ['maintenance', 'list'],
    queryFn: ({ pageParam }) => api.maintenanceWindows(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // Windows begin and end by themselves.
    refetchInterval: 60_000,
  });

export const maintenanceWindowQuery = (id: string) =>
  queryOptions({ queryKey: ['maintenance', 'window', id], queryFn: () => api.maintenanceWindow(id) });

/** All occurrences of the period, in their order. */
export const occurrencesQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['maintenance', 'occurrences', from, to],
    queryFn: async () => {
      const found: OccurrenceView[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.occurrences(from, to, cursor);
        found.push(...page.data);
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return found;
    },
    reconcile: false,
  });

/** What would come of these times, or the API's complaint about them. */
export const maintenancePreviewQuery = (times: MaintenanceTimes) =>
  queryOptions({ queryKey: ['maintenance-preview', times], queryFn: () => api.previewMaintenance(times) });

export const channelKindsQuery = () =>
  queryOptions({ queryKey: ['channel-kinds'], queryFn: api.channelKinds, staleTime: Infinity });

/** All of the team's channels: there are few. */
export const channelsQuery = () =>
  queryOptions({
    queryKey: ['channels', 'list'],
    queryFn: async () => {
      const channels: ChannelView[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.channels(cursor);
        channels.push(...page.data);
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return channels;
    },
  });

export const channelQuery = (id: string) =>
  queryOptions({ queryKey: ['channels', id], queryFn: () => api.channel(id) });

export const peopleQuery = () => queryOptions({ queryKey: ['people'], queryFn: async () => (await api.people()).data });

/** Shifts begin and end by themselves. */
const onCallRefetchMs = 60_000;

export const schedulesQuery = () =>
  queryOptions({
    queryKey: ['on-call', 'list'],
    queryFn: async () => (await api.schedules()).data,
    refetchInterval: onCallRefetchMs,
  });

export const scheduleQuery = (id: string) =>
  queryOptions({
    queryKey: ['on-call', 'schedule', id],
    queryFn: () => api.schedule(id),
    refetchInterval: onCallRefetchMs,
  });

export const shiftsQuery = (id: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['on-call', 'shifts', id, from, to],
    queryFn: () => allPages((cursor) => api.shifts(id, from, to, cursor)),
    reconcile: false,
  });

/** After a change of who is told how. */
export const askAlertingAnew = async (client: QueryClient): Promise<void> => {
  const keys = ['channels', 'escalation-policies', 'deliveries', 'people', 'on-call'];
  await Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })));
};

export const policiesQuery = () =>
  queryOptions({ queryKey: ['escalation-policies', 'list'], queryFn: async () => (await api.policies()).data });

/** Those that go by it, and what they would go by without. */
export const policyMonitorsQuery = (id: string) =>
  queryOptions({ queryKey: ['escalation-policies', id, 'monitors'], queryFn: () => api.policyMonitors(id) });

export const deliveriesQuery = (filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', filter],
    queryFn: ({ pageParam }) => api.deliveries(filter, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

/** What should have been sent minutes ago. Nothing tells that nothing happens, so it is asked for. */
export const overdueQuery = () =>
  queryOptions({ queryKey: ['deliveries', 'overdue'], queryFn: api.overdue, refetchInterval: 60_000 });

export const statusPagesQuery = () =>
  infiniteQueryOptions({
    queryKey: ['status-pages', 'list'],
    queryFn: ({ pageParam }) => api.statusPages(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const statusPageQuery = (id: string) =>
  queryOptions({ queryKey: ['status-pages', id], queryFn: () => api.statusPage(id) });

/** How many monitors are down, for the tab's title. */
export const downQuery = () =>
  queryOptions({
    queryKey: ['counts'],
    queryFn: async () => {
      const page = await api.monitors({ verdict: 'down' });
      return page.data.filter((monitor) => monitor.verdict === 'down').length;
    },
    refetchInterval: 60_000,
  });
