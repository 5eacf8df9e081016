import type { HistoryView } from '../../../../worker/contract/views.ts';
import { api, type ReclassifiedTime } from '../../app/cache/api.ts';
import { paged, question } from '../../app/cache/query.ts';
import { dayMs } from '../monitors/ticks.ts';

/** Asked again now and then, because the evidence of regions that only confirm the verdict makes no event. */
export const verdictQuery = (id: string) =>
  question({
    queryKey: ['verdict', id],
    identity: ['region', 'id'],
    queryFn: () => api.verdict(id),
    refetchInterval: 30_000,
  });

/** Past decisions do not change. */
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

/** The period slides on: its first span is known by its end, the others by their beginning. */
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
