import type { QueryClient } from '@tanstack/solid-query';
import type { ChannelView } from '../../../../worker/contract/views.ts';
import { api, type DeliveryFilter } from '../../app/cache/api.ts';
import { paged, question } from '../../app/cache/query.ts';

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

/** After a change of recipients or channels. */
export const refetchAlerting = async (client: QueryClient): Promise<void> => {
  const keys = ['channels', 'escalation-policies', 'deliveries', 'people', 'on-call'];
  await Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })));
};

export const policiesQuery = () =>
  question({
    queryKey: ['escalation-policies', 'list'],
    identity: ['id', 'type'],
    queryFn: async () => (await api.policies()).data,
  });

/** The monitors that use it, and the policy that they would use without it. */
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

/** Overdue deliveries. No event reports that nothing happens, so this is polled. */
export const overdueQuery = () =>
  question({ queryKey: ['deliveries', 'overdue'], identity: ['id'], queryFn: api.overdue, refetchInterval: 60_000 });

export const digestQuery = (id: string) =>
  question({ queryKey: ['digest', id], identity: ['id'], queryFn: () => api.digest(id) });
