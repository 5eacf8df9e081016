import { connect } from 'cloudflare:sockets';
import type { Reason } from '../../domain/outcome.ts';
import type { ProbeResult } from './kind.ts';

export type Judgement = Omit<ProbeResult, 'latencyMs'>;

export const down = (reason: Reason, status: number | null = null): Judgement => ({ health: 'down', reason, status });

/** Our own rules or the platform's stand in the way; that is no outage of the target. */
export const unsupported: Judgement = { health: 'unknown', reason: 'unsupported', status: null };

const diagnosisMs = 1_000;

/**
 * What an exception of `fetch` means. workerd tells two kinds only, "Network connection lost." (refused, reset, not
 * HTTP) and "internal error; reference = …" (name, TLS), so a TCP connection to the same place tells them apart.
 */
export const thrownFailure = async (error: unknown, url: string): Promise<Judgement> => {
  const message = messageOf(error);
  // The invocation has used up its requests: our failure, which says nothing about the target.
  if (/too many subrequests/i.test(message)) return { health: 'unknown', reason: 'error', status: null };
  if (/prohibited|disallowed|not allowed|not permitted/i.test(message)) return unsupported;
  const accepts = await acceptsConnections(new URL(url));
  if (isConnectionLost(message)) return down(accepts === false ? 'refused' : 'reset');
  if (accepts === false) return down('dns');
  return down(accepts && url.startsWith('https:') ? 'tls' : 'error');
};

/** What an exception means that came while the body was read. */
export const bodyFailure = (error: unknown): Reason => (isConnectionLost(messageOf(error)) ? 'reset' : 'error');

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const isConnectionLost = (message: string) => /network connection lost/i.test(message);

/** Null where that could not be found out in time. */
const acceptsConnections = async (url: URL): Promise<boolean | null> => {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  let timer: ReturnType<typeof setTimeout> | null = null;
  try {
    const socket = connect({ hostname: url.hostname, port });
    socket.closed.catch(() => undefined);
    const opened = socket.opened.then(
      () => true,
      () => false,
    );
    const late = new Promise<null>((done) => {
      timer = setTimeout(() => done(null), diagnosisMs);
    });
    const accepts = await Promise.race([opened, late]);
    socket.close().catch(() => undefined);
    return accepts;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
};
