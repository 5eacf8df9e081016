import { api } from '../../app/cache/api.ts';
import { paged, question } from '../../app/cache/query.ts';

export const meQuery = () => question({ queryKey: ['me'], identity: ['id'], queryFn: api.me, staleTime: Infinity });

/** The sessions of the person. */
export const sessionsQuery = () =>
  question({ queryKey: ['sessions'], identity: ['id'], queryFn: api.sessions, staleTime: 0 });

/** The team's use of its limits. Each entry is identified by its name. */
export const limitsQuery = () =>
  question({ queryKey: ['limits'], identity: ['name'], queryFn: api.limits, staleTime: 0 });

/** The secret header by which firewalls recognise the checks of the team. */
export const checkTokenQuery = () =>
  question({ queryKey: ['check-token'], identity: ['header'], queryFn: api.checkToken, staleTime: 0 });

export const auditQuery = (monitorId: string | undefined) =>
  paged({
    queryKey: ['audit', monitorId],
    identity: ['id', 'field'],
    queryFn: ({ pageParam }) => api.audit(monitorId, pageParam),
  });
