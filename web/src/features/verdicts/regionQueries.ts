import { api } from '../../app/cache/api.ts';
import { question } from '../../app/cache/query.ts';

export const regionsQuery = () =>
  question({ queryKey: ['regions'], identity: ['id'], queryFn: api.regions, staleTime: Infinity });

/** What may change of the regions by itself: that one is distrusted, and that no checks are run from anywhere. */
export const presentRegionsQuery = () => ({ ...regionsQuery(), staleTime: 30_000, refetchInterval: 60_000 });
