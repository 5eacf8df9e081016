import type { Region } from './region.ts';

export type Health = 'up' | 'degraded' | 'down';

/**
 * Why an outcome is what it is; `ok` goes with `up` and `slow` with `degraded`.
 * `unsupported` and `internal` go with `unknown`: Cloudflare cannot reach such a target at all, or Pharos or Cloudflare
 * failed, and neither is an outage of it. So does `limited`, where a redirect leads to a domain that is asked too often by
 * now (checks/pipeline/redirects.ts), and `challenged`, unless the monitor's owner chose that it goes with `down`.
 */
export const reasons = [
  'ok',
  'slow',
  'timeout',
  'dns',
  'refused',
  'unreachable',
  'reset',
  'tls',
  'status',
  'body',
  'undecodable',
  'too_large',
  'protocol',
  'redirect',
  'blocked',
  'unsupported',
  'error',
  'internal',
  'challenged',
  'limited',
] as const;
export type Reason = (typeof reasons)[number];

/** The beginning of what a failing target answered, without secrets: evidence for people. */
export interface Answer {
  headers: { name: string; value: string }[];
  /** The first 2 KiB as text; null where it could not be read. */
  body: string | null;
  /** There was more of it. */
  cut: boolean;
  /** It is the answer to a second request: the connection of the first one ended without a valid answer. */
  retried?: true;
}

export interface Outcome {
  health: Health | 'unknown';
  reason: Reason;
  /** HTTP status, where an answer came. */
  status: number | null;
  /** From the start of the attempt to the response headers of the last hop (to the end of the body where it was read). */
  latencyMs: number;
  region: Region;
  /** IATA code of the data centre that probed, where known. */
  dataCentre: string | null;
  /** When the check was due, ms since the epoch. */
  scheduledAt: number;
  /** When the attempt began, ms since the epoch. */
  startedAt: number;
  /** With a failure that says something new, where an answer came at all. */
  answer?: Answer;
}

/** Of an outcome that says nothing about the target: its owner can change that, and is notified of it. */
export const isRefusal = (reason: Reason | undefined): reason is 'challenged' => reason === 'challenged';

interface Known {
  health: Health | 'unknown';
  suspect: boolean;
  /** Nothing is known of this region yet, not even that its checks are refused. */
  isNew?: boolean;
}

/**
 * Quiet is what only confirms what is known of the monitor in this region; it costs no call of the Monitor object.
 * An outcome that says nothing about the target is quiet as well, unless it tells why a region has fallen, or falls, silent.
 */
export const isLoud = (known: Known, { health, reason }: Pick<Outcome, 'health'> & { reason?: Reason }) =>
  health === 'unknown'
    ? isRefusal(reason) && (known.health !== 'unknown' || known.isNew === true)
    : known.suspect || health !== known.health;

const unconnected: readonly Reason[] = ['dns', 'refused', 'unreachable', 'blocked', 'unsupported', 'internal'];

/** How long the target took, ms; null where no connection was made: that time is not one of the target. */
export const targetLatencyMs = (tick: { status: number | null; reason: Reason; latencyMs: number }): number | null =>
  tick.status === null && unconnected.includes(tick.reason) ? null : tick.latencyMs;

/** That Pharos gives to its own requests, by whatever name they reached it. */
export const ownAnswerStatus = 508;

/** A probe that met Pharos itself: no redirect is blocked with that status. */
export const isOwnAnswer = ({ reason, status }: { reason: Reason; status: number | null }) =>
  reason === 'blocked' && status === ownAnswerStatus;

/** The reason as a sentence, without the status. */
export const reasonSentence = (seen: { reason: Reason; status: number | null }): string =>
  isOwnAnswer(seen) ? 'This is the address of Pharos itself, which it does not check' : reasonTexts[seen.reason];

const reasonTexts: Record<Reason, string> = {
  ok: 'Responded as expected',
  slow: 'Responded slowly',
  timeout: 'No response within the timeout',
  dns: 'The host name does not resolve',
  refused: 'Connection refused',
  unreachable: 'The host could not be reached',
  reset: 'The connection closed without a valid response',
  tls: 'The TLS handshake or certificate failed',
  status: 'Unexpected HTTP status',
  body: 'The body does not match',
  undecodable: 'The body could not be decoded, so its text was not checked',
  too_large: 'The body is too large to check completely',
  protocol: 'The response is not valid HTTP',
  redirect: 'Too many redirects, or an invalid redirect',
  blocked: 'Redirected to an address that Pharos does not follow, or must not send the body to',
  unsupported: 'Cannot be checked from Cloudflare',
  error: 'The request failed',
  internal: 'The check failed inside Pharos or Cloudflare',
  challenged: 'The target’s bot protection blocked the check',
  limited: 'Redirect not followed: the other domain has too many checks for now',
};
