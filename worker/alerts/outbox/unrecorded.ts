import type { Suppressed } from './confirmedRecipients.ts';
import type { SendResult } from './sendResult.ts';

/** An attempt, and when it began (ms since the epoch). */
export type Sent = (SendResult | Suppressed) & { at: number };

/**
 * Attempts whose result the database did not store, by the number of the delivery: when it is due again the result is recorded,
 * and nothing is sent a second time.
 */
export interface Unrecorded {
  get(number: number): Promise<Sent | undefined>;
  put(number: number, sent: Sent): Promise<void>;
  delete(number: number): Promise<void>;
}

/** For callers that end with the call. */
export const keepsNothing: Unrecorded = {
  get: async () => undefined,
  put: async () => undefined,
  delete: async () => undefined,
};
