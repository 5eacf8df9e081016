import { api } from '../../app/cache/api.ts';
import { question } from '../../app/cache/query.ts';

export const regionsQuery = () =>
  question({ queryKey: ['regions'], identity: ['id'], queryFn: api.regions, staleTime: Infinity });

/** The state of regions that changes without an event: a region is distrusted, or no checks run anywhere. */
export const presentRegionsQuery = () => ({ ...regionsQuery(), staleTime: 30_000, refetchInterval: 60_000 });
