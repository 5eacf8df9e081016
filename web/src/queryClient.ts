import { QueryClient } from '@tanstack/solid-query';
import { Problem } from './problem.ts';

/** The cache of all answers (queries.ts). */
export const createQueryClient = () => {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // An answer that says "no" says it again; only a missing answer is worth another try.
        retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status < 500),
        reconcile: 'id',
      },
    },
  });
  // What is outdated is asked for again where somebody looks. An answer that is on its way to nobody is not, so it must
  // not be handed to whoever comes next.
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'observerRemoved' && query.getObserversCount() === 0) void query.cancel({ revert: true });
  });
  return client;
};
