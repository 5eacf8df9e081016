import {
  type InfiniteData,
  InfiniteQueryObserver,
  notifyManager,
  type QueryClient,
  type QueryKey,
  QueryObserver,
  useQueryClient,
} from '@tanstack/solid-query';
import { batch, createComputed, createMemo, createSignal, on, onCleanup } from 'solid-js';
import { createStore } from 'solid-js/store';
import { waitWithPage } from './firstAnswers.ts';
import { nextPage } from './nextPage.ts';
import { createOwnData, type Identity } from './ownData.ts';

interface Context {
  client: QueryClient;
  queryKey: QueryKey;
}

interface Options {
  queryKey: readonly unknown[];
  /** The key of the items in its lists. */
  identity: Identity;
  staleTime?: number;
  refetchInterval?: number;
  refetchOnMount?: 'always';
  enabled?: boolean;
}

/** A question to the API with its place in the cache. */
export interface Question<T> extends Options {
  queryFn: (context: Context) => Promise<T>;
  /** The answer before stands until the next one comes. */
  placeholderData?: (before: T | undefined) => T | undefined;
}

type Paged = InfiniteData<unknown> | undefined;

interface PageOf<T> {
  data: T[];
  nextCursor: string | null;
}

/** One whose answer comes page by page. */
export interface PagedQuestion<T> extends Options {
  queryFn: (context: Context & { pageParam: string | undefined }) => Promise<PageOf<T>>;
}

export const question = <T>(given: Question<T>): Question<T> => given;
export const paged = <T>(given: PagedQuestion<T>): PagedQuestion<T> => given;

/** Asked in a component: until `isPending` is false there is no data. */
export type Answer<T> = (
  | { isPending: true; isSuccess: false; isError: false; data: undefined; error: null }
  | { isPending: false; isSuccess: true; isError: false; data: T; error: null }
  | { isPending: false; isSuccess: false; isError: true; data: T | undefined; error: Error }
) & { isFetching: boolean; refetch: () => Promise<unknown> };

export interface PagedAnswer<T> {
  /** Those of all pages that are loaded. */
  items: T[];
  isPending: boolean;
  isSuccess: boolean;
  isError: boolean;
  isFetching: boolean;
  error: Error | null;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => Promise<unknown>;
  fetchNextPage: () => Promise<void>;
}

const fields = [
  'isPending',
  'isSuccess',
  'isError',
  'isFetching',
  'error',
  'hasNextPage',
  'isFetchingNextPage',
] as const;
type Fields = Record<(typeof fields)[number], unknown>;

/** The data that a screen shows: a copy of its own, or, for bulk data, the object in the cache, which nobody changes. */
const createShown = <T>(identity: Identity) => {
  if (identity !== 'bulk') return createOwnData<T>(identity);
  const [shown, setShown] = createSignal<T | undefined>(undefined);
  return [shown, (answer: T | undefined) => void setShown(() => answer)] as const;
};

interface Observer {
  setOptions: (options: never) => void;
  getOptimisticResult: (options: never) => { data: unknown };
  getCurrentResult: () => { data: unknown };
  subscribe: (listener: () => void) => () => void;
}

/** Follows an observer of the cache. It never suspends: the page stays in the document while it is asked again. */
const createObserved = <T, O extends Observer>(
  options: () => Options,
  begin: (client: QueryClient, options: never) => O,
  read: (data: unknown) => T | undefined,
) => {
  const client = useQueryClient();
  const defaulted = createMemo(() => {
    const { identity, ...given } = options();
    const shared = { ...given, structuralSharing: identity !== 'bulk', _optimisticResults: 'optimistic' };
    return client.defaultQueryOptions(shared as never) as never;
  });
  const observer = begin(client, defaulted());
  const [data, setData] = createShown<T>(options().identity);
  const [state, setState] = createStore({} as Fields);
  const show = (result: { data: unknown }) =>
    batch(() => {
      setData(read(result.data));
      setState(Object.fromEntries(fields.map((name) => [name, (result as Partial<Fields>)[name]])) as Fields);
    });
  let isOpen = true;
  show(observer.getOptimisticResult(defaulted()));
  waitWithPage(() => Boolean(state.isPending && state.isFetching));
  const close = observer.subscribe(notifyManager.batchCalls(() => isOpen && show(observer.getCurrentResult())));
  createComputed(
    on(
      defaulted,
      (next) => {
        observer.setOptions(next);
        show(observer.getOptimisticResult(next));
      },
      { defer: true },
    ),
  );
  onCleanup(() => {
    isOpen = false;
    close();
  });
  return { observer, state, data };
};

/** `own` with the state of the answer, read where it is used. */
const reading = (state: Fields, own: object) =>
  Object.defineProperties(own, Object.fromEntries(fields.map((name) => [name, { get: () => state[name] }])));

/** Asks for as long as the component lives; the answer follows the cache, and the options where they change. */
export const useQuery = <T>(options: () => Question<T>): Answer<T> => {
  const { observer, state, data } = createObserved<T, QueryObserver>(
    options,
    (client, given) => new QueryObserver(client, given),
    (answer) => answer as T | undefined,
  );
  const own = {
    get data() {
      return data();
    },
    refetch: () => observer.refetch(),
  };
  return reading(state, own) as Answer<T>;
};

const paging = {
  initialPageParam: undefined,
  getNextPageParam: (page: PageOf<unknown>) => page.nextCursor ?? undefined,
};

/** The same for a paginated list; its items are one list, whichever page holds them now. */
export const useInfiniteQuery = <T>(options: () => PagedQuestion<T>): PagedAnswer<T> => {
  const { observer, state, data } = createObserved<T[], InfiniteQueryObserver>(
    () => ({ ...options(), ...paging }),
    (client, given) => new InfiniteQueryObserver(client, given),
    (answer) => (answer as InfiniteData<PageOf<T>> | undefined)?.pages.flatMap((page) => page.data),
  );
  const own = {
    get items() {
      return data() ?? [];
    },
    refetch: () => observer.refetch(),
    fetchNextPage: () =>
      nextPage({ data: observer.getCurrentResult().data as Paged, fetchNextPage: observer.fetchNextPage as never }),
  };
  return reading(state, own) as PagedAnswer<T>;
};
