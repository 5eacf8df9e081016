import type { Region } from '../../domain/checks/region.ts';
import type { ProbeResult } from '../kinds/probeTarget.ts';

const askEveryMs = 1_000;

/** As if no request of the region could reach the target. */
const cutOff: ProbeResult = { health: 'down', reason: 'unreachable', status: null, latencyMs: 0 };

/**
 * The result of probes in a region that a person broke on purpose (`npm run break`); null for all others. `url` is where the
 * local start command serves the list of these regions. A deployed copy has none (config.ts refuses it), and sends no
 * request.
 */
export const createLocalFaults = (url: string | null) => {
  let broken: Promise<readonly string[]> = Promise.resolve([]);
  let askAt = 0;
  return async (region: Region): Promise<ProbeResult | null> => {
    if (url === null) return null;
    if (Date.now() >= askAt) {
      askAt = Date.now() + askEveryMs;
      broken = ask(url);
    }
    return (await broken).includes(region) ? cutOff : null;
  };
};

/** Empty where the start command does not answer: only a person breaks a region. */
const ask = async (url: string): Promise<readonly string[]> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    return await response.json<string[]>();
  } catch {
    return [];
  }
};
