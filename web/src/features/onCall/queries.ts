import { allPages } from '../../app/cache/allPages.ts';
import { api } from '../../app/cache/api.ts';
import { question } from '../../app/cache/query.ts';

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
