import type { Lane } from '../../db/schema.ts';
import { chunks } from '../dispatch/chunks.ts';

/** The platform gives an object six waiting connections, those to D1 included; a seventh waits in the platform. */
export const maxInFlight = 6;

/**
 * One is reserved for storing, which must not wait for hanging targets: in an object that gathers ticks, and in any other
 * with open checks of a call that has answered.
 */
export const maxBesideStoring = maxInFlight - 1;

/** Five rounds of a Prober's slots: a waiting Prober is billed, so no slot should stay empty at the end. */
const checksPerCall = { first: 5 * maxBesideStoring, other: 5 * maxInFlight };

/** As many as a Prober has slots: in the slow lane no check waits for another. */
const checksPerSlowCall = { first: maxBesideStoring, other: maxBesideStoring };

/** Divides a batch into the calls of single Probers. The first one gathers its ticks (proberName.ts). */
export const callsOf = <T>(checks: readonly T[], lane: Lane): T[][] => {
  const { first, other } = lane === 'slow' ? checksPerSlowCall : checksPerCall;
  return [checks.slice(0, first), ...chunks(checks.slice(first), other)];
};
