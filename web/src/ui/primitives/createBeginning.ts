import { createMemo } from 'solid-js';

interface Asked<T> {
  readonly data: T | undefined;
  readonly isPending: boolean;
  readonly isFetching: boolean;
}

/** To be spread over the question whose answer a form begins with. */
export const alwaysRefetched = { refetchOnMount: 'always' } as const;

/**
 * What a form begins with, once it was asked for again; undefined until then. What is known from before may have been
 * changed since, and that would be undone by what is saved.
 */
export const createBeginning = <T>(query: Asked<T>) =>
  createMemo<T | undefined>((begun) =>
    query.isPending || (query.isFetching && begun === undefined) ? undefined : query.data,
  );
