/** Expected HTTP status codes as people write them: `200-399`, `200, 204, 301-302`. */
export type StatusRanges = [from: number, to: number][];

/** Returns null where `text` is not such a list, or names codes outside 100–599. */
export const parseStatusRanges = (text: string): StatusRanges | null => {
  const ranges: StatusRanges = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d{3})(?:\s*-\s*(\d{3}))?\s*$/.exec(part);
    if (!match) return null;
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (from < 100 || to > 599 || to < from) return null;
    ranges.push([from, to]);
  }
  return ranges;
};

export const statusExpected = (ranges: StatusRanges, status: number) =>
  ranges.some(([from, to]) => status >= from && status <= to);

/** https://fetch.spec.whatwg.org/#redirect-status */
export const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];
