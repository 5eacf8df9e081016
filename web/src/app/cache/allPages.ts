interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** The items of all pages of a list, in their order. */
export const allPages = async <T>(ask: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> => {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    found.push(...page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return found;
};
