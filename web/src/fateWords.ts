import type { Fate } from '../../worker/domain/escalation/delivery.ts';

export const fateWords: Record<Fate, string> = {
  waiting: 'Waiting',
  sending: 'Being sent',
  delivered: 'Delivered',
  dead: 'Given up',
  skipped: 'Left out',
};
