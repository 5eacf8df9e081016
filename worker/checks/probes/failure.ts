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
 * HTTP) and "internal error; reference = …" (name, TLS), so a TCP connection to the same place tells them apart. What
 * may be asked twice (`repeatable`) is looked at byte by byte.
 */
export const thrownFailure = async (
  error: unknown,
  url: string,
  repeatable: 'GET' | 'HEAD' | null,
  signal: AbortSignal,
): Promise<Judgement> => {
  const message = messageOf(error);
  // The invocation has used up its requests: our failure, which says nothing about the target.
  if (/too many subrequests/i.test(message)) return { health: 'unknown', reason: 'error', status: null };
  if (/prohibited|disallowed|not allowed|not permitted/i.test(message)) return unsupported;
  const within = AbortSignal.any([signal, AbortSignal.timeout(diagnosisMs)]);
  if (isConnectionLost(error)) {
    const seen = await lookAtBytes(new URL(url), repeatable, within);
    return down(seen ?? 'reset');
  }
  const accepts = await acceptsConnections(new URL(url), within);
  if (accepts === false) return down('dns');
  return down(accepts && url.startsWith('https:') ? 'tls' : 'error');
};

/** What an exception means that came while the body was read. */
export const bodyFailure = (error: unknown): Reason => (isConnectionLost(error) ? 'reset' : 'error');

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export const isConnectionLost = (error: unknown) => /network connection lost/i.test(messageOf(error));

const opened = (url: URL, secureTransport: 'on' | 'off', signal: AbortSignal) => {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const socket = connect({ hostname: url.hostname, port }, { secureTransport, allowHalfOpen: false });
  socket.closed.catch(() => undefined);
  socket.opened.catch(() => undefined);
  const close = () => void socket.close().catch(() => undefined);
  signal.addEventListener('abort', close);
  return { socket, close };
};

/** Null where `signal` aborts first. */
const before = async <T>(signal: AbortSignal, wanted: Promise<T>): Promise<T | null> => {
  const { promise, resolve } = Promise.withResolvers<null>();
  const give = () => resolve(null);
  signal.addEventListener('abort', give);
  if (signal.aborted) give();
  return Promise.race([wanted, promise]).finally(() => signal.removeEventListener('abort', give));
};

/** Null where that could not be found out in time. */
const acceptsConnections = async (url: URL, signal: AbortSignal): Promise<boolean | null> => {
  try {
    const { socket, close } = opened(url, 'off', signal);
    const accepted = socket.opened.then(
      () => true,
      () => false,
    );
    return await before(signal, accepted).finally(close);
  } catch {
    return null;
  }
};

/** Why no answer came of a connection; null where that could not be found out in time, or is over. */
const lookAtBytes = async (url: URL, method: 'GET' | 'HEAD' | null, signal: AbortSignal): Promise<Reason | null> => {
  const accepts = await acceptsConnections(url, signal);
  if (accepts === false) return 'refused';
  if (!accepts || !method) return null;
  try {
    const { socket, close } = opened(url, url.protocol === 'https:' ? 'on' : 'off', signal);
    return await before(signal, firstBytes(socket, url, method).then(judgeBytes)).finally(close);
  } catch {
    return null;
  }
};

const maxLookedAt = 16 * 1024;

/** What comes in answer to a request without any secrets, up to the end of the headers. */
const firstBytes = async (socket: Socket, url: URL, method: string): Promise<string> => {
  const writer = socket.writable.getWriter();
  writer.closed.catch(() => undefined);
  const lines = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Accept: */*',
    'Connection: close',
  ];
  // A server may answer, and close, before it was asked.
  writer.write(new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`)).catch(() => undefined);
  const reader = socket.readable.getReader();
  reader.closed.catch(() => undefined);
  let text = '';
  while (text.length < maxLookedAt && !/\r?\n\r?\n/.test(text)) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }) as const);
    if (done) break;
    text += String.fromCharCode(...value.subarray(0, maxLookedAt));
  }
  return text;
};

/** https://www.rfc-editor.org/rfc/rfc9112#section-4 */
const judgeBytes = (text: string): Reason | null => {
  if (text === '') return 'reset';
  const [head = '', ...rest] = text.split(/\r?\n\r?\n/);
  const isWhole = rest.length > 0 || text.length >= maxLookedAt;
  const [status = '', ...fields] = head.split(/\r?\n/);
  const isStatusLine = /^HTTP\/1\.[01] [1-9]\d\d( |$)/.test(status);
  if (!isWhole) return isStatusLine || 'HTTP/1.1 '.startsWith(status) ? 'reset' : 'protocol';
  return isStatusLine && fields.every((field) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:/.test(field)) ? null : 'protocol';
};
