// biome-ignore lint/style/noRestrictedImports: this is what the rule names
import { useInfiniteQuery as suspendingInfiniteQuery, useQuery as suspendingQuery } from '@tanstack/solid-query';
import { nextPage } from '../nextPage.ts';

/**
 * The query's own store, read past the resource that solid-query puts in front of its data. Where a query begins with
 * what the cache holds, that resource suspends all who read it at every later fetch: the page leaves the document for a
 * moment and comes back, and the place of the keyboard is lost. So ask `isPending` first: until then there is no data.
 */
const past: ProxyHandler<object> = {
  get: (query, name, self) => {
    if (name === 'data') return Reflect.getOwnPropertyDescriptor(query, name)?.get?.();
    if (name === 'fetchNextPage') return () => nextPage({ data: self.data, fetchNextPage: Reflect.get(query, name) });
    return Reflect.get(query, name);
  },
};

// biome-ignore lint/suspicious/noExplicitAny: whatever the overloads take
const still = <Use extends (...given: any[]) => object>(use: Use) =>
  ((...given: Parameters<Use>) => new Proxy(use(...given), past)) as Use;

/** As solid-query's, but never suspended. */
export const useQuery = still(suspendingQuery);
export const useInfiniteQuery = still(suspendingInfiniteQuery);
