import type { Outcome } from '../checks/outcome.ts';
import type { Region } from '../checks/region.ts';
import type { AlertEvent } from './alerts.ts';
import type { Explanation, Suppression } from './explanation.ts';
import type { DecidedVerdict } from './state.ts';

export type Effect =
  | {
      type: 'verdict';
      from: DecidedVerdict;
      to: DecidedVerdict;
      since: number;
      at: number;
      evidence: Outcome[];
      /** Null where it changes too often (record.ts). */
      explanation: Explanation | null;
    }
  /** An outage opens with its first failed check, and closes with the first passing check after it. */
  | { type: 'outage'; change: 'opened' | 'closed'; since: number; at: number; evidence: Outcome[] }
  /** A further region counts as failing while the outage lasts. */
  | { type: 'joined'; at: number; evidence: Outcome }
  | { type: 'alert'; event: AlertEvent; at: number }
  /** An alert is due and suppressed. Emitted once for each event and reason. */
  | { type: 'suppressed'; event: AlertEvent; because: Suppression; at: number }
  /** Request on-demand checks from these regions, at `at`. */
  | { type: 'ask'; regions: Region[]; at: number };
