interface Paged {
  data?: { pages: unknown[] } | undefined;
  fetchNextPage: (options: { cancelRefetch: boolean }) => Promise<Found>;
}

interface Found {
  data?: { pages: unknown[] } | undefined;
  isSuccess: boolean;
  hasNextPage: boolean;
}

/**
 * Fetches the next page of a list. By itself the library would fetch it in place of an answer on its way that brings the
 * other pages up to date, and would let it fall where something new has the list asked for again meanwhile.
 */
export const nextPage = async (list: Paged): Promise<void> => {
  const before = list.data?.pages.length ?? 0;
  const isBehind = ({ data, isSuccess, hasNextPage }: Found) =>
    isSuccess && hasNextPage && (data?.pages.length ?? 0) <= before;
  while (isBehind(await list.fetchNextPage({ cancelRefetch: false })));
};
