import type { MonitorView, TickView } from '../../../../worker/contract/views.ts';
import type { Region } from '../../../../worker/domain/checks/region.ts';
import { verdictLabels } from '../verdicts/verdictText.ts';

const confirmingTexts = {
  down: 'Confirming a failure',
  degraded: 'Confirming a slow response',
  up: 'Confirming a recovery',
};

/**
 * What is being confirmed where a region's latest answer contradicts what the region counts as (`health`; undefined
 * before its first result); else null. A result that decides nothing, such as a challenge, is not confirmed.
 */
export const confirmingIn = (
  health: MonitorView['regionHealth'][Region] | undefined,
  answered: TickView['outcome'] | undefined,
): { text: string; countsAs: string } | null => {
  if (!health || health === 'unknown' || !answered || answered === 'unknown' || answered === health) return null;
  return { text: confirmingTexts[answered], countsAs: verdictLabels[health].toLowerCase() };
};
