import { createSignal } from 'solid-js';
import { Problem, readProblem } from './problem.ts';

const [ended, setEnded] = createSignal(false);

/** True once the API no longer knows us; the shell then goes to the sign-in page. */
export const sessionEnded = ended;
export const sessionBegan = () => setEnded(false);

type Wanted = Parameters<typeof fetch>[0];

/** Longer than the slowest answer, that of the test of a channel. */
const timeoutMs = 60_000;

const ask = (input: Wanted, init?: RequestInit): Promise<Response> =>
  fetch(input, { ...init, signal: init?.signal ?? AbortSignal.timeout(timeoutMs) });

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

const isAuth = (input: Wanted) => String(input).includes('/api/v1/auth/');

/**
 * `fetch` for the API: renews an expired session once and then repeats the request.
 * Throws a Problem for every answer that is not a success, and a TypeError or a TimeoutError where none came.
 */
export const sessionFetch = async (input: Wanted, init?: RequestInit): Promise<Response> => {
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

/** Right after a sign-in: throws a Problem that says what to do where the browser did not keep the session's cookie. */
export const requireCookie = async (protocol: string): Promise<void> => {
  const response = await ask('/api/v1/me');
  if (response.status !== 401) return;
  const detail = cookieHelp[protocol === 'http:' ? 'http:' : 'https:'];
  throw new Problem({ title: 'This browser did not keep the session cookie', code: 'cookie_refused', detail });
};
