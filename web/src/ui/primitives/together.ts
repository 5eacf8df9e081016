interface Asked {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
}

/** Several questions as one, which is answered once all of them are. */
export const together = (...queries: Asked[]): Asked => ({
  get isPending() {
    return queries.some((query) => query.isPending);
  },
  get isError() {
    return queries.some((query) => query.isError);
  },
  get error() {
    return queries.find((query) => query.isError)?.error;
  },
  refetch: () => Promise.all(queries.filter((query) => query.isError).map((query) => query.refetch())),
});
