import { connect } from 'cloudflare:sockets';
import type { Reason } from '../../../domain/checks/reasons.ts';
import type { Finding } from '../probe.ts';

export type Judgement = Omit<Finding, 'latencyMs'>;

export const down = (reason: Reason, status: number | null = null): Judgement => ({ health: 'down', reason, status });

/** Our own rules or the platform's stand in the way; that is no outage of the target. */
export const unsupported: Judgement = { health: 'unknown', reason: 'unsupported', status: null };

/** Pharos or the platform failed, not the target. */
const ourFault: Judgement = { health: 'unknown', reason: 'internal', status: null };

const diagnosisMs = 1_000;

/** What was asked when `fetch` threw. `repeatable`: it may be asked twice, and is looked at byte by byte. */
export interface Asked {
  url: string;
  repeatable: 'GET' | 'HEAD' | null;
  signal: AbortSignal;
  /** workerd on somebody's machine; never in a deployment (config.ts). */
  localRuntime: boolean;
}

/**
 * What an exception of `fetch` means. On the platform a target that cannot be reached is an answer (synthetic.ts), and an
 * exception is a fault of the platform or of Pharos, which proves nothing about the target. Local workerd throws instead:
 * "Network connection lost." (refused, reset, not HTTP) and "internal error; reference = …" (name, TLS), so a TCP
 * connection to the same place distinguishes them. worker/PLATFORM.md has the table.
 */
export const thrownFailure = async (error: unknown, asked: Asked): Promise<Judgement> => {
  const message = messageOf(error);
  const within = AbortSignal.any([asked.signal, AbortSignal.timeout(diagnosisMs)]);
  if (isConnectionLost(error)) return asked.localRuntime ? lostLocally(asked, within) : lostOnPlatform(asked, within);
  if (/prohibited|disallowed|not allowed|not permitted/i.test(message)) return unsupported;
  return asked.localRuntime && isInternalError(error) ? localInternalError(asked.url, within) : ourFault;
};

const lostLocally = async ({ url, repeatable }: Asked, within: AbortSignal): Promise<Judgement> => {
  const accepts = await acceptsConnections(new URL(url), within);
  if (accepts === false) return down('refused');
  const seen = accepts && repeatable && (await lookAtBytes(new URL(url), repeatable, within, true));
  return down(seen || 'reset');
};

/**
 * The platform loses connections of its own as well. Only what a further connection showed proves anything, and one that
 * could not be made shows nothing: to addresses of Cloudflare, `connect()` is prohibited and says it in the same words.
 */
const lostOnPlatform = async ({ url, repeatable }: Asked, within: AbortSignal): Promise<Judgement> => {
  const accepts = repeatable && (await acceptsConnections(new URL(url), within));
  const seen = accepts && (await lookAtBytes(new URL(url), repeatable, within, false));
  return seen ? down(seen) : ourFault;
};

const localInternalError = async (url: string, within: AbortSignal): Promise<Judgement> => {
  const accepts = await acceptsConnections(new URL(url), within);
  if (accepts === false) return down('dns');
  return accepts && url.startsWith('https:') ? down('tls') : ourFault;
};

/** What an exception means that came while the body of an answer with `status` was read. */
export const bodyFailure = (error: unknown, status: number): Judgement =>
  isConnectionLost(error) ? down('reset', status) : { ...ourFault, status };

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export const isConnectionLost = (error: unknown) => /network connection lost/i.test(messageOf(error));

export const isInternalError = (error: unknown) => /^internal error\b/i.test(messageOf(error));

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

/**
 * Why no answer came of a connection; null where that could not be found out in time, or is over. `errorIsEnd`: a connection
 * that fails is one that the target ended.
 */
const lookAtBytes = async (
  url: URL,
  method: 'GET' | 'HEAD',
  signal: AbortSignal,
  errorIsEnd: boolean,
): Promise<Reason | null> => {
  try {
    const { socket, close } = opened(url, url.protocol === 'https:' ? 'on' : 'off', signal);
    const looked = firstBytes(socket, url, method, errorIsEnd).then(judgeBytes);
    return await before(signal, looked).finally(close);
  } catch {
    return null;
  }
};

const maxLookedAt = 16 * 1024;

/** What comes in answer to a request without any secrets, up to the end of the headers. Rejects as `lookAtBytes` says. */
const firstBytes = async (socket: Socket, url: URL, method: string, errorIsEnd: boolean): Promise<string> => {
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
    const { done, value } = await reader.read().catch((error: unknown) => {
      if (errorIsEnd) return { done: true, value: undefined } as const;
      throw error;
    });
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
