import { createSignal } from 'solid-js';
import { readProblem } from './problem.ts';

const [ended, setEnded] = createSignal(false);

/** True once the API no longer knows us; the shell then goes to the sign-in page. */
export const sessionEnded = ended;
export const sessionBegan = () => setEnded(false);

let refreshing: Promise<boolean> | null = null;

/** Asks once for a new session, however many requests failed at the same time. */
const refresh = (): Promise<boolean> => {
  refreshing ??= fetch('/api/v1/auth/refresh', { method: 'POST' })
    .then((response) => response.ok)
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
};

const isAuth = (input: RequestInfo | URL) => String(input).includes('/api/v1/auth/');

/**
 * `fetch` for the API: renews an expired session once and then repeats the request.
 * Throws a Problem for every answer that is not a success, and a TypeError where none came.
 */
export const sessionFetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
  let response = await fetch(input, init);
  if (response.status === 401 && !isAuth(input)) {
    if (!ended() && (await refresh())) response = await fetch(input, init);
    if (response.status === 401) setEnded(true);
  }
  if (!response.ok) throw await readProblem(response);
  return response;
};
