import type { OccurrenceView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { paged, question } from '../../app/cache/query.ts';
import type { MaintenanceTimes } from './maintenanceDraft.ts';

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

/** The preview of these times, or the API's error. */
export const maintenancePreviewQuery = (times: MaintenanceTimes) =>
  question({
    queryKey: ['maintenance-preview', times],
    identity: ['from'],
    queryFn: () => api.previewMaintenance(times),
  });
