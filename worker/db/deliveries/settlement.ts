import type { RecipientProgress } from '../../domain/delivery/recipientProgress.ts';
import type { DeliveryState } from '../../domain/escalation/delivery.ts';

/** Where a delivery goes on from its attempt: to another one at `nextAttemptAt`, or it is settled then. */
export interface Settlement {
  state: Extract<DeliveryState, 'waiting' | 'delivered' | 'failed' | 'suppressed'>;
  at: number;
  nextAttemptAt: number;
  /** Where recipients differ; else null. */
  recipients: readonly RecipientProgress[] | null;
  /** When a delivered one is tried for those who do not have it; else null. */
  restDueAt: number | null;
}
