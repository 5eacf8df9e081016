export interface Contradiction {
  path: string;
  message: string;
  /** All that take part in it. */
  fields: string[];
}

export const found = (problem: unknown, path: string, message: string, fields: string[]): Contradiction[] =>
  problem ? [{ path, message, fields }] : [];
