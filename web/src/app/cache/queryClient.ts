import { type Query, QueryClient, type QueryKey } from '@tanstack/solid-query';
import { Problem } from '../../lib/problem.ts';
import { invalidateSoon } from './askSoon.ts';
import { waitForReadsMs } from './readPause.ts';

const isLimited = (error: Error) => error instanceof Problem && error.status === 429;

const isWorthAnotherTry = (error: Error) =>
  error instanceof Problem ? error.status >= 500 || isLimited(error) : error.name !== 'TimeoutError';

/** The library's own: 1, 2, 4 … 30 seconds. */
const backoffMs = (failures: number) => Math.min(30_000, 1_000 * 2 ** failures);

/** The cache of all answers (queries/). */
export const createQueryClient = () => {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // The browser's guess that it is offline would block requests: a page must show at once that they fail.
        networkMode: 'always',
        refetchOnReconnect: true,
        // A refusal would be repeated, and after a timeout people have waited long enough.
        retry: (failures, error) => failures < 2 && isWorthAnotherTry(error),
        retryDelay: (failures, error) =>
          isLimited(error) ? waitForReadsMs(Date.now(), Math.random()) : backoffMs(failures),
      },
    },
  });
  dropUnwatched(client);
  askAgainAfterOutdatedFirst(client);
  return client;
};

/** The library reverts to the data from the start of the fetch; events of the feed since then must stay. */
const dropFetch = (query: Query): void => {
  const { data, isInvalidated } = query.state;
  void query.cancel({ revert: true });
  if (data !== undefined && (query.state.data !== data || query.state.isInvalidated !== isInvalidated))
    query.setState({ data, isInvalidated });
};

/**
 * What is outdated is asked for again where somebody looks. An answer that is on its way to nobody is not, so it must not
 * be handed to the person who comes next.
 */
const dropUnwatched = (client: QueryClient) =>
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'observerRemoved' && query.getObserversCount() === 0) dropFetch(query);
  });

/**
 * A fetch that is outdated on its way is begun again, but not the first of a query: there the library waits for the old
 * answer and takes it for fresh.
 */
const askAgainAfterOutdatedFirst = (client: QueryClient) => {
  const outdated = new WeakSet<Query>();
  client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return;
    const { query, action } = event;
    // After a failure the library already considers it outdated, and would not report that again.
    if (action.type === 'fetch' && query.state.data === undefined && query.state.isInvalidated)
      query.setState({ isInvalidated: false });
    if (action.type === 'invalidate' && query.state.data === undefined && query.state.fetchStatus !== 'idle')
      outdated.add(query);
    if (action.type === 'success' && outdated.delete(query))
      void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
  });
};

/**
 * The same after an event of the feed, of which many come at once: what is on its way is dropped, and asked for again with
 * what else they outdate.
 */
export const discardFetch = (client: QueryClient, queryKey: QueryKey): void => {
  for (const query of client.getQueryCache().findAll({ queryKey, fetchStatus: 'fetching' })) {
    if (query.state.data === undefined) query.invalidate();
    else dropFetch(query);
    invalidateSoon(client, query.queryKey);
  }
};

/** Decided once and for all: no event and no new connection outdates these. */
const settled = ['past-verdict', 'channel-kinds'];

/** Refetches data that was fetched before `at` (ms), or never, and may have missed an event. */
export const askAgainSince = (client: QueryClient, at: number): void =>
  void client.invalidateQueries({
    predicate: ({ state, queryKey }) =>
      !settled.includes(String(queryKey[0])) &&
      (state.data === undefined ? state.status === 'error' : state.dataUpdatedAt < at),
  });

/** A pending response may be older than the data in the cache and must not overwrite it, so it is requested again. */
const outdateFetch = (client: QueryClient, queryKey: QueryKey): void => {
  if (client.isFetching({ queryKey }) > 0) void client.invalidateQueries({ queryKey });
};

/** Puts the answer to a change where the screens read it. */
export const remember = <T>(
  client: QueryClient,
  queryKey: QueryKey,
  answer: T | ((known: T | undefined) => T | undefined),
): void => {
  client.setQueryData<T>(queryKey, answer);
  outdateFetch(client, queryKey);
};

/**
 * Changes a part of what is known of the questions that begin with this key. What else is known grows no fresher by that:
 * an answer that is outdated stays so, and is asked for as soon as somebody looks.
 */
export const amend = <T>(client: QueryClient, queryKey: QueryKey, change: (known: T) => T): void => {
  for (const query of client.getQueryCache().findAll({ queryKey })) {
    const known = query.state.data as T | undefined;
    const changed = known === undefined ? known : change(known);
    if (changed !== known) query.setState({ data: changed });
  }
};
