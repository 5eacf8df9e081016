import type { Fate } from '../../../../worker/domain/escalation/delivery.ts';

export const fateWords: Record<Fate, string> = {
  waiting: 'Waiting',
  sending: 'Sending',
  delivered: 'Delivered',
  dead: 'Failed',
  skipped: 'Suppressed',
};
