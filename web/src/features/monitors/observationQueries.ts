import type { TickView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { question } from '../../app/cache/query.ts';
import { askTicks, dayMs } from './ticks.ts';

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
