import type { Lane } from '../../db/schema.ts';
import { chunks } from '../dispatch/chunks.ts';

/** The platform lets an object have six connections that wait, those to D1 among them; a seventh waits in the platform. */
export const maxInFlight = 6;

/**
 * One is left to what has to be stored, which must not wait for targets that hang: in an object that gathers ticks, and in
 * any other while it has checks under way whose call has answered.
 */
export const maxBesideStoring = maxInFlight - 1;

/** Five rounds of what a Prober asks at once: while it waits it is billed, so no slot should stay empty at the end. */
const checksPerCall = { first: 5 * maxBesideStoring, other: 5 * maxInFlight };

/** As many as a Prober has slots: in the slow lane no check waits for another. */
const checksPerSlowCall = { first: maxBesideStoring, other: maxBesideStoring };

/** What of a batch goes to one Prober each. The first one gathers its ticks (proberName.ts). */
export const callsOf = <T>(checks: readonly T[], lane: Lane): T[][] => {
  const { first, other } = lane === 'slow' ? checksPerSlowCall : checksPerCall;
  return [checks.slice(0, first), ...chunks(checks.slice(first), other)];
};
