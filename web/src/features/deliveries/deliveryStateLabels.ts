import type { DeliveryState } from '../../../../worker/domain/escalation/delivery.ts';

export const deliveryStateLabels: Record<DeliveryState, string> = {
  waiting: 'Waiting',
  sending: 'Sending',
  delivered: 'Delivered',
  failed: 'Failed',
  suppressed: 'Suppressed',
};
