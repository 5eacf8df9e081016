import { recordPing } from '../db/operations/deadMan.ts';
import { newId } from '../ids.ts';
import { log, logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import { checkVitals } from './health.ts';

/** The next one comes in a minute. */
const timeoutMs = 10_000;

/**
 * Tells the operator's dead man's switch that Pharos is alive, once a minute and after that minute's dispatch. Not while
 * something that alerts depend on is unwell: then the silence is what tells the operator. Never throws, for it must
 * not be the reason why a minute fails.
 */
export const sendHeartbeat = async (services: Services): Promise<void> => {
  const { config, d1, now } = services;
  if (config.deadManUrl === null) return;
  const correlationId = newId('run');
  try {
    const vitals = Object.entries(await checkVitals(services, correlationId));
    const unwell = vitals.filter(([, { ok }]) => !ok).map(([part]) => part);
    if (unwell.length > 0) return log('dead-man', correlationId, { suppressedBy: unwell });
    const at = now();
    const problem = await ping(config.deadManUrl);
    await recordPing(d1, at, problem);
    log('dead-man', correlationId, { problem });
  } catch (error) {
    logFailure('dead-man', correlationId, error);
  }
};

/** Null where it arrived; else what went wrong, without the address, which is a secret. */
const ping = async (url: string): Promise<string | null> => {
  try {
    const response = await fetch(url, {
      headers: { 'user-agent': 'Pharos' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (response.ok) return null;
    return response.status >= 300 && response.status < 400
      ? `The address redirects (HTTP ${response.status}). Enter the final address.`
      : `The dead man's switch answers with HTTP ${response.status}.`;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError'
      ? `No response within ${timeoutMs / 1000} seconds.`
      : 'The connection failed.';
  }
};
