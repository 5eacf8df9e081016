/** A reason in the words of each place that names it. */
export interface ReasonTexts {
  /** As a sentence, without the status. */
  sentence: string;
  /** In a title; null where it is no failure. `coded` takes its place where the outcome has a status. */
  cause: string | null;
  /** Within a sentence about several regions, in a word or two. */
  short: string;
  coded?: (status: number) => { cause: string; short: string };
}

/** Reasons that an outcome of any kind can have; its kind adds its own (checks/kinds/<kind>/definition.ts). */
export const commonReasons = {
  ok: { sentence: 'Responded as expected', cause: null, short: 'answered' },
  slow: { sentence: 'Responded slowly', cause: null, short: 'slow' },
  timeout: { sentence: 'No response within the timeout', cause: 'Timeout', short: 'timeout' },
  dns: {
    sentence: 'The host name does not resolve',
    cause: 'Host name does not resolve',
    short: 'host name not found',
  },
  refused: { sentence: 'Connection refused', cause: 'Connection refused', short: 'connection refused' },
  unreachable: { sentence: 'The host could not be reached', cause: 'Host unreachable', short: 'unreachable' },
  reset: {
    sentence: 'The connection closed without a valid response',
    cause: 'Connection closed early',
    short: 'connection closed',
  },
  tls: {
    sentence: 'The TLS handshake or certificate failed',
    cause: 'TLS or certificate failure',
    short: 'TLS failed',
  },
  unsupported: { sentence: 'Cannot be checked from Cloudflare', cause: null, short: 'not supported' },
  error: { sentence: 'The request failed', cause: 'Request failed', short: 'request failed' },
  internal: { sentence: 'The check failed inside Pharos or Cloudflare', cause: null, short: 'check failed internally' },
  limited: {
    sentence: 'Redirect not followed: the other domain has too many checks for now',
    cause: null,
    short: 'redirect not followed yet',
  },
} as const satisfies Record<string, ReasonTexts>;
