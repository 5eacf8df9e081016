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
  | 'folded'
  | 'newerVersion'
  | 'tlsBytes'
  | 'resetsKept'
  | 'silent'
  | 'refused'
  | 'selfSigned'
  | 'expired'
  | 'silentTls',
  string
>;

/** What the receiver does with a request, as its address says: `/<run>/<plan as base64url JSON>/<the vendor's path>`. */
export interface Plan {
  does: 'answer' | 'hang' | 'close';
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A request as it came. `body` is base64. */
export interface Received {
  method: string;
  /** Path and query of the vendor. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** The data of one SMTP session. */
export interface SmtpMail {
  /** The name that the client sent. */
  ehlo: string;
  from: string;
  to: string[];
  login: string;
  data: string;
}

declare module 'vitest' {
  /** The values that the set-ups of the projects provide to their tests by `inject`. */
  interface ProvidedContext {
    /** Origin of the target server (test/targets.ts), such as `http://127.0.0.1:41234`. */
    target: string;
    /** Origins of servers that break (test/brokenTargets.ts), by how they do. */
    broken: BrokenOrigins;
    /** Origin of the server that stands in for the vendors of channels (test/receiver.ts). */
    receiver: string;
    /** Ports of its SMTP servers on 127.0.0.1 (test/smtpServer.ts), by how they encrypt. */
    smtpPorts: Record<'none' | 'starttls' | 'tls', number>;
    propertyRuns: number;
    propertySeed: number;
    /** Crash tests kill at every step, which takes minutes: `SOAK=1 npm test -- crash`. */
    soak: boolean;
    /** Folder with a built dashboard and a migrated database (test/browser/support/prepare.ts). */
    prepared: string;
  }
}
