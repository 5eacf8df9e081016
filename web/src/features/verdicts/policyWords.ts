import type { PolicySettings } from '../../../../worker/domain/verdict/policy.ts';
import type { Preview, Range } from '../../../../worker/domain/verdict/preview.ts';
import { type Quorum, votesNeeded } from '../../../../worker/domain/verdict/votesNeeded.ts';
import { duration } from '../../lib/format.ts';

/** Policies in words. */

/** From three minutes on the seconds no longer matter: minutes, rounded outwards. */
const rangeText = ({ least, most }: Range): string => {
  if (most < 180) return least === most ? `${most} s` : `${least}–${most} s`;
  const minutes = Math.ceil(most / 60);
  if (least < 180) return `${least} s to ${minutes} min`;
  const from = Math.floor(least / 60);
  return from === minutes ? `${minutes} min` : `${from}–${minutes} min`;
};

const silentText = (silent: number) =>
  `While more than ${silent === 1 ? '1 region is' : `${silent} regions are`} silent, the monitor is unknown instead of down.`;

const aloneTexts: Record<Preview['alone'], string> = {
  never: 'One region alone never alerts you.',
  pair: 'One region alone never alerts you, so while one of the two is silent the monitor is unknown instead of down; a third region helps.',
  alerts: 'Each region alone alerts you.',
  only: 'Only one region looks: what it alone sees alerts you.',
};

/** What is to be expected, in sentences. */
export const previewText = ({ outage, hang, recovery, alone, silent }: Preview): string =>
  `An outage alerts ${rangeText(outage)} after it begins; if the target hangs, after ${rangeText(hang)}. ` +
  `Its recovery is reported after ${rangeText(recovery)}. ${aloneTexts[alone]}` +
  (alone === 'never' ? ` ${silentText(silent)}` : '');

/** `most of 3 regions (2) fail` */
const failuresText = (quorum: Quorum, count: number): string => {
  const needed = votesNeeded(quorum, count);
  if (count === 1) return 'the one region fails';
  if (needed === count) return count === 2 ? 'both regions fail' : `all ${count} regions fail`;
  if (needed === 1) return `any of ${count} regions fails`;
  return quorum === 'majority' ? `most of ${count} regions (${needed}) fail` : `${needed} of ${count} regions fail`;
};

const timesText = (count: number) => (count === 1 ? '' : count === 2 ? ' twice in a row' : ` ${count} times in a row`);

/** `Down when most of 3 regions (2) fail twice in a row` */
export const policyText = (
  policy: Pick<PolicySettings, 'quorum' | 'confirmations' | 'confirmationPeriodSeconds'>,
  regionCount: number,
): string => {
  const { quorum, confirmations, confirmationPeriodSeconds: seconds } = policy;
  const holding = seconds > 0 ? ` and go on failing for ${duration(seconds * 1000)}` : '';
  return `Down when ${failuresText(quorum, regionCount)}${timesText(confirmations)}${holding}`;
};
