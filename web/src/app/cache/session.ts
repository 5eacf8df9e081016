import { createSignal } from 'solid-js';
import { shownForHeader } from '../../../../worker/domain/teams/shownFor.ts';
import { Problem, readProblem } from '../../lib/problem.ts';
import { firstSocket } from '../live/firstSocket.ts';
import { pauseReads, readPauseMs, requireReads, resumeReads } from './readPause.ts';

const [ended, setEnded] = createSignal(false);

/** True once the API no longer knows us; the shell then goes to the sign-in page. */
export const sessionEnded = ended;
export const sessionBegan = () => {
  setEnded(false);
  // The limit of the person before is not this one's.
  resumeReads();
};

type Wanted = Parameters<typeof fetch>[0];

/** Timeout of a change: longer than the slowest response, that of the test of a channel. */
const changeTimeoutMs = 60_000;
/** After this long, a page shows that it still waits. */
const readTimeoutMs = 15_000;

const isRead = (init: RequestInit | undefined) => ['GET', undefined].includes(init?.method);

/** A read that the API refuses because there were too many holds the others back; the limit of changes is another one. */
const ask = async (input: Wanted, init?: RequestInit): Promise<Response> => {
  if (!isRead(init)) return send(input, init);
  requireReads();
  await firstSocket();
  const response = await send(input, init);
  if (response.status === 429) pauseReads(readPauseMs(response.headers.get('retry-after'), Date.now()));
  return response;
};

const send = (input: Wanted, init?: RequestInit): Promise<Response> => {
  const signal = init?.signal ?? AbortSignal.timeout(isRead(init) ? readTimeoutMs : changeTimeoutMs);
  return fetch(input, { ...init, signal });
};

let refreshing: Promise<boolean> | null = null;

/** Asks once for a new session, however many requests failed at the same time. Only a "no" ends the session. */
const refresh = (): Promise<boolean> => {
  refreshing ??= ask('/api/v1/auth/refresh', { method: 'POST' })
    .then(async (response) => {
      if (!response.ok && response.status !== 401) throw await readProblem(response);
      return response.ok;
    })
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
};

/** None where this is read without a page, as by scripts. */
const pathname = () => (globalThis as { location?: { pathname: string } }).location?.pathname ?? '';

/** Names the object of this page with a change, so that the API refuses to change another one of its kind. */
const namingPage = (init: RequestInit | undefined): RequestInit | undefined => {
  const [, id] = pathname().match(/\/([a-z]+_[0-9a-z]+)(?=\/|$)/) ?? [];
  if (!id || isRead(init)) return init;
  const headers = new Headers(init?.headers);
  headers.set(shownForHeader, id);
  return { ...init, headers };
};

const isAuth = (input: Wanted) => String(input).includes('/api/v1/auth/');

/**
 * `fetch` for the API: renews an expired session once and then repeats the request.
 * Throws a Problem for every answer that is not a success, and a TypeError or a TimeoutError where none came.
 */
export const sessionFetch = async (input: Wanted, given?: RequestInit): Promise<Response> => {
  const init = namingPage(given);
  let response = await ask(input, init);
  if (response.status === 401 && !isAuth(input)) {
    if (!ended() && (await refresh())) response = await ask(input, init);
    if (response.status === 401) setEnded(true);
  }
  if (!response.ok) throw await readProblem(response);
  return response;
};

const cookieHelp = {
  'http:':
    'Safari does not keep secure cookies for http://localhost. Use Chrome, Edge or Firefox for a local copy, or open Pharos over HTTPS.',
  'https:': 'Allow cookies for this site in the settings of the browser, then try again.',
};

/** Right after a sign-in: throws a Problem with a fix where the browser did not keep the session's cookie. */
export const requireCookie = async (protocol: string): Promise<void> => {
  const response = await send('/api/v1/me');
  if (response.status !== 401) return;
  const detail = cookieHelp[protocol === 'http:' ? 'http:' : 'https:'];
  throw new Problem({ title: 'This browser did not keep the session cookie', code: 'cookie_refused', detail });
};
