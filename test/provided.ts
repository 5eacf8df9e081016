/** Origins of the servers of test/brokenTargets.ts, by how they break. */
export type BrokenOrigins = Record<
  | 'closes'
  | 'closesAfterRequest'
  | 'resets'
  | 'garbage'
  | 'badStatus'
  | 'truncatedHeaders'
  | 'truncatedBody'
  | 'truncatedChunk'
  | 'silent'
  | 'refused'
  | 'selfSigned'
  | 'expired'
  | 'silentTls',
  string
>;

declare module 'vitest' {
  /** What test/worker/setup/targets.ts gives to the tests inside workerd by `inject`. */
  interface ProvidedContext {
    /** Origin of the target server (test/targets.ts), such as `http://127.0.0.1:41234`. */
    target: string;
    /** Origins of servers that break (test/brokenTargets.ts), by how they do. */
    broken: BrokenOrigins;
  }
}
