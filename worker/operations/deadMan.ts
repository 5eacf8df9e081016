import { recordPing } from '../db/operations/deadMan.ts';
import { newId } from '../ids.ts';
import { log, logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import { checkVitals } from './health.ts';

/** The next one comes in a minute. */
const timeoutMs = 10_000;

/**
 * Sends a heartbeat to the operator's dead man's switch, once a minute and after that minute's dispatch. None while anything
 * that alerts depend on is unhealthy: the missing heartbeat then alerts the operator. Never throws, because it must not make a
 * minute fail.
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

/** Null on success; else the problem, without the address, which is a secret. */
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
