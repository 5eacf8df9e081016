/** The beginning of what a failing target answered, without secrets: evidence for people. */
export interface Answer {
  /** By name: the headers of a response, or what else a kind found out. */
  headers: { name: string; value: string }[];
  /** The first 2 KiB as text; null where it could not be read. */
  body: string | null;
  /** There was more of it. */
  cut: boolean;
  /** It is the answer to a second request: the connection of the first one ended without a valid answer. */
  retried?: true;
}
