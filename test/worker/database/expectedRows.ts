import type { Billed } from './rows.ts';

/** A statement, and the most rows that it may read and write. */
export type Line = [about: RegExp, rowsRead: number, rowsWritten?: number];

export const shown = (query: string) => query.trim().replace(/\s+/g, ' ');

/** Holds statements against their lines. A statement without a line does not fit, and a line that nothing runs is unused. */
export const expectRows = (lines: readonly Line[]) => {
  const seen = new Set<RegExp>();
  /** The differences, in words; empty where there are none. */
  const unexpected = (billed: readonly Billed[]) =>
    billed.flatMap(({ query, rowsRead, rowsWritten }) => {
      const line = lines.find(([about]) => about.test(shown(query)));
      if (line) seen.add(line[0]);
      const [, read, written = 0] = line ?? [null, -1, -1];
      return rowsRead > read || rowsWritten > written
        ? [`${rowsRead} read, ${rowsWritten} written: ${shown(query)}`]
        : [];
    });
  const unused = () => lines.map(([about]) => about).filter((about) => !seen.has(about));
  return { unexpected, unused };
};
