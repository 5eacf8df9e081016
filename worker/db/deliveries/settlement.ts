import type { RecipientProgress } from '../../domain/delivery/recipientProgress.ts';
import type { DeliveryState } from '../../domain/escalation/delivery.ts';

/** The next state of a delivery after an attempt: another attempt at `nextAttemptAt`, or settled. */
export interface Settlement {
  state: Extract<DeliveryState, 'waiting' | 'delivered' | 'failed' | 'suppressed'>;
  at: number;
  nextAttemptAt: number;
  /** State by recipient where recipients differ; else null. */
  recipients: readonly RecipientProgress[] | null;
  /** When a delivered one is tried for the remaining recipients; else null. */
  restDueAt: number | null;
}
