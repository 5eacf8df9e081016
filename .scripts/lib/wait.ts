const patienceMs = 90_000;

/**
 * Waits until the address answers. Throws where it takes too long. A 502 to 504 of the dashboard says that it has not
 * found the worker yet; /healthz means itself by its 503.
 */
export const untilAnswer = async (url: string, signal: AbortSignal) => {
  let last = 'nothing';
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await delay(150)) {
    signal.throwIfAborted();
    const response = await ask(url);
    if (response && (![502, 503, 504].includes(response.status) || url.endsWith('/healthz'))) return;
    last = response ? `status ${response.status}` : 'nothing';
  }
  throw new Error(`${url} did not answer within ${patienceMs / 1000} seconds (last: ${last}).`);
};

/** Waits a little for /healthz to be well after the first cron; warns where it is not, since Pharos can be used still. */
export const untilHealthy = async (apiOrigin: string, onWarning: (message: string) => void, signal: AbortSignal) => {
  let last = '';
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await delay(250)) {
    signal.throwIfAborted();
    const response = await ask(`${apiOrigin}/healthz`);
    if (response?.ok) return;
    last = response ? `${response.status} ${(await response.text()).slice(0, 500)}` : 'no response';
  }
  onWarning(`Pharos responds, but ${apiOrigin}/healthz reports a problem: ${last}`);
};

const ask = async (url: string) => {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
  } catch {
    return null;
  }
};

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
