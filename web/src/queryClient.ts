import { type Query, QueryClient } from '@tanstack/solid-query';
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
  dropUnwatched(client);
  askAgainAfterOutdatedFirst(client);
  return client;
};

/**
 * What is outdated is asked for again where somebody looks. An answer that is on its way to nobody is not, so it must not
 * be handed to whoever comes next.
 */
const dropUnwatched = (client: QueryClient) =>
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'observerRemoved' && query.getObserversCount() === 0) void query.cancel({ revert: true });
  });

/**
 * A fetch that is outdated on its way is begun anew, but not the first of a query: there the library waits for the old
 * answer and takes it for fresh.
 */
const askAgainAfterOutdatedFirst = (client: QueryClient) => {
  const outdated = new WeakSet<Query>();
  client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return;
    const { query, action } = event;
    if (action.type === 'invalidate' && query.state.data === undefined && query.state.fetchStatus !== 'idle')
      outdated.add(query);
    if (action.type === 'success' && outdated.delete(query))
      void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
  });
};
