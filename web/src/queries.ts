import type { QueryClient } from '@tanstack/solid-query';
import type {
  ChannelView,
  HistoryView,
  IncidentDetailView,
  MonitorListItem,
  OccurrenceView,
  TickView,
} from '../../worker/api/views.ts';
import { allPages } from './allPages.ts';
import { api, type DeliveryFilter, type MonitorFilter, type ReclassifiedTime } from './api.ts';
import type { MaintenanceTimes } from './maintenanceDraft.ts';
import { paged, question } from './primitives/query.ts';
import { remember } from './queryClient.ts';
import { askTicks, dayMs, recentTicks, withArrived } from './ticks.ts';

/** Every question that the screens ask, with its place in the cache. `liveCache.ts` writes to the same places. */

export const meQuery = () => question({ queryKey: ['me'], identity: ['id'], queryFn: api.me, staleTime: Infinity });

export const regionsQuery = () =>
  question({ queryKey: ['regions'], identity: ['id'], queryFn: api.regions, staleTime: Infinity });

/** What the team uses of its limits. Each entry is found again by its name. */
export const limitsQuery = () =>
  question({ queryKey: ['limits'], identity: ['name'], queryFn: api.limits, staleTime: 0 });

/** What may change of the regions by itself: that one is distrusted, and that no checks are run from anywhere. */
export const presentRegionsQuery = () => ({ ...regionsQuery(), staleTime: 30_000, refetchInterval: 60_000 });

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
      const found: Pick<MonitorListItem, 'id' | 'name' | 'url'>[] = [];
      for (let from = 0; from < ids.length; from += idsPerRequest) {
        const { data } = await api.namedMonitors(ids.slice(from, from + idsPerRequest));
        found.push(...data.map(({ id, name, url }) => ({ id, name, url })));
      }
      return found;
    },
  });

/** The monitors with one of these tags, the first hundred of each; `isPartial` says that there are more. */
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

/** Every tag of the team's monitors, whatever of the list is loaded. */
export const tagsQuery = () =>
  question({ queryKey: ['tags'], identity: ['id'], queryFn: async () => (await api.monitorTags()).data });

export const monitorQuery = (id: string) =>
  question({ queryKey: ['monitor', id], identity: ['id'], queryFn: () => api.monitor(id) });

/** What it depends on, and what depends on it. */
export const dependenciesQuery = (id: string) =>
  question({ queryKey: ['dependencies', id], identity: ['id'], queryFn: () => api.dependencies(id) });

/**
 * All ticks of the last 24 hours, oldest first. Asked for again now and then, because the feed tells only of checks that
 * were sent out while somebody looked.
 */
export const ticksQuery = (id: string) =>
  question({
    queryKey: ['ticks', id],
    identity: 'bulk',
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
  });

export const uptimeQuery = (id: string, days: number) =>
  question({
    queryKey: ['uptime', id, days],
    identity: ['id'],
    queryFn: () => {
      const to = Date.now();
      return api.uptime(id, new Date(to - days * dayMs).toISOString(), new Date(to).toISOString());
    },
    refetchInterval: 60_000,
  });

/** Asked again now and then, because the evidence of regions that only confirm the verdict makes no event. */
export const verdictQuery = (id: string) =>
  question({
    queryKey: ['verdict', id],
    identity: ['region', 'id'],
    queryFn: () => api.verdict(id),
    refetchInterval: 30_000,
  });

/** What was decided stays as it is. */
export const pastVerdictQuery = (id: string, at: string) =>
  question({
    queryKey: ['past-verdict', id, at],
    identity: ['region', 'id'],
    queryFn: () => api.verdict(id, at),
    staleTime: Infinity,
  });

export const verdictsQuery = (id: string) =>
  paged({
    queryKey: ['verdicts', id],
    identity: ['at', 'since', 'verdict'],
    queryFn: ({ pageParam }) => api.verdicts(id, pageParam),
  });

/** The period slides on: its first span is told by its end, the others by their beginning. */
const withIds = ({ spans, ...history }: HistoryView) => ({
  ...history,
  spans: spans.map((span, i) => ({ ...span, id: i > 0 ? span.from : spans.length > 1 ? `to ${span.to}` : 'only' })),
});

/** The spans of verdicts of the last `days`. */
export const historyQuery = (id: string, days: number) =>
  question({
    queryKey: ['history', id, days],
    identity: ['id'],
    queryFn: async () => {
      const to = Date.now();
      return withIds(await api.history(id, new Date(to - days * dayMs).toISOString(), new Date(to).toISOString()));
    },
    refetchInterval: 60_000,
  });

export const reclassificationsQuery = (id: string) =>
  paged({
    queryKey: ['reclassifications', id],
    identity: ['id'],
    queryFn: ({ pageParam }) => api.reclassifications(id, pageParam),
  });

export const reclassificationPreviewQuery = (id: string, time: ReclassifiedTime) =>
  question({
    queryKey: ['reclassifications', id, 'preview', time],
    identity: ['id'],
    queryFn: () => api.previewReclassification(id, time),
  });

export const auditQuery = (monitorId: string | undefined) =>
  paged({
    queryKey: ['audit', monitorId],
    identity: ['id', 'field'],
    queryFn: ({ pageParam }) => api.audit(monitorId, pageParam),
  });

export const incidentsQuery = (filter: { monitorId?: string; state?: 'open' | 'resolved' }) =>
  paged({
    queryKey: ['incidents', filter],
    identity: ['id', 'region', 'at'],
    queryFn: ({ pageParam }) => api.incidents(filter, pageParam),
  });

export const incidentQuery = (id: string) =>
  question({ queryKey: ['incident', id], identity: ['id', 'region', 'at', 'name'], queryFn: () => api.incident(id) });

/** Puts the answer to a change where the screens read it; lists ask anew. */
export const rememberIncident = (client: QueryClient, incident: IncidentDetailView): void => {
  remember(client, incidentQuery(incident.id).queryKey, incident);
  void client.invalidateQueries({ queryKey: ['incidents'] });
};

export const maintenanceQuery = () =>
  paged({
    queryKey: ['maintenance', 'list'],
    identity: ['id', 'from'],
    queryFn: ({ pageParam }) => api.maintenanceWindows(pageParam),
    // Windows begin and end by themselves.
    refetchInterval: 60_000,
  });

export const maintenanceWindowQuery = (id: string) =>
  question({
    queryKey: ['maintenance', 'window', id],
    identity: ['id', 'from'],
    queryFn: () => api.maintenanceWindow(id),
  });

/** All occurrences of the period, in their order. */
export const occurrencesQuery = (from: string, to: string) =>
  question({
    queryKey: ['maintenance', 'occurrences', from, to],
    identity: ['windowId', 'from'],
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
  });

/** What would come of these times, or the API's complaint about them. */
export const maintenancePreviewQuery = (times: MaintenanceTimes) =>
  question({
    queryKey: ['maintenance-preview', times],
    identity: ['from'],
    queryFn: () => api.previewMaintenance(times),
  });

export const channelKindsQuery = () =>
  question({
    queryKey: ['channel-kinds'],
    identity: ['kind', 'name', 'value'],
    queryFn: api.channelKinds,
    staleTime: Infinity,
  });

/** All of the team's channels: there are few. */
export const channelsQuery = () =>
  question({
    queryKey: ['channels', 'list'],
    identity: ['id'],
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
  question({ queryKey: ['channels', id], identity: ['id'], queryFn: () => api.channel(id) });

export const peopleQuery = () =>
  question({ queryKey: ['people'], identity: ['id'], queryFn: async () => (await api.people()).data });

/** Shifts begin and end by themselves. */
const onCallRefetchMs = 60_000;

export const schedulesQuery = () =>
  question({
    queryKey: ['on-call', 'list'],
    identity: ['id'],
    queryFn: async () => (await api.schedules()).data,
    refetchInterval: onCallRefetchMs,
  });

export const scheduleQuery = (id: string) =>
  question({
    queryKey: ['on-call', 'schedule', id],
    identity: ['id'],
    queryFn: () => api.schedule(id),
    refetchInterval: onCallRefetchMs,
  });

export const shiftsQuery = (id: string, from: string, to: string) =>
  question({
    queryKey: ['on-call', 'shifts', id, from, to],
    identity: ['from'],
    queryFn: () => allPages((cursor) => api.shifts(id, from, to, cursor)),
  });

/** After a change of who is told how. */
export const askAlertingAnew = async (client: QueryClient): Promise<void> => {
  const keys = ['channels', 'escalation-policies', 'deliveries', 'people', 'on-call'];
  await Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })));
};

export const policiesQuery = () =>
  question({
    queryKey: ['escalation-policies', 'list'],
    identity: ['id', 'type'],
    queryFn: async () => (await api.policies()).data,
  });

/** Those that go by it, and what they would go by without. */
export const policyMonitorsQuery = (id: string) =>
  question({
    queryKey: ['escalation-policies', id, 'monitors'],
    identity: ['id'],
    queryFn: () => api.policyMonitors(id),
  });

export const deliveriesQuery = (filter: DeliveryFilter) =>
  paged({
    queryKey: ['deliveries', filter],
    identity: ['id', 'at'],
    queryFn: ({ pageParam }) => api.deliveries(filter, pageParam),
  });

/** What should have been sent minutes ago. Nothing tells that nothing happens, so it is asked for. */
export const overdueQuery = () =>
  question({ queryKey: ['deliveries', 'overdue'], identity: ['id'], queryFn: api.overdue, refetchInterval: 60_000 });

export const statusPagesQuery = () =>
  paged({
    queryKey: ['status-pages', 'list'],
    identity: ['id', 'monitorId'],
    queryFn: ({ pageParam }) => api.statusPages(pageParam),
  });

export const statusPageQuery = (id: string) =>
  question({ queryKey: ['status-pages', id], identity: ['id', 'monitorId'], queryFn: () => api.statusPage(id) });

/** How many monitors the team has in each state, whatever of the list is loaded. */
export const countsQuery = () =>
  question({ queryKey: ['counts'], identity: ['id'], queryFn: api.monitorCounts, refetchInterval: 60_000 });
