import type { CheckPolicySettings } from '../../../../worker/domain/verdict/checkPolicy.ts';
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

const staleText = (stale: number) =>
  `If more than ${stale === 1 ? '1 region sends' : `${stale} regions send`} no data, the status is unknown instead of down.`;

const aloneTexts: Record<Preview['alone'], string> = {
  never: 'A failure in one region never alerts you.',
  pair: 'A failure in one region never alerts you. If one of the two regions sends no data, the status is unknown instead of down; add a third region to avoid this.',
  alerts: 'A failure in any region alerts you.',
  only: 'Only one region is selected, so its failures alert you.',
};

/** The effect of a check policy, in sentences. */
export const previewText = ({ outage, hang, recovery, alone, stale }: Preview): string =>
  `Typical alert delay: ${rangeText(outage)}, or ${rangeText(hang)} if the target hangs. ` +
  `Recovery delay: ${rangeText(recovery)}. ${aloneTexts[alone]}` +
  (alone === 'never' ? ` ${staleText(stale)}` : '');

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
  policy: Pick<CheckPolicySettings, 'quorum' | 'confirmations' | 'confirmationPeriodSeconds'>,
  regionCount: number,
): string => {
  const { quorum, confirmations, confirmationPeriodSeconds: seconds } = policy;
  const holding = seconds > 0 ? ` for at least ${duration(seconds * 1000)}` : '';
  return `Down when ${failuresText(quorum, regionCount)}${timesText(confirmations)}${holding}`;
};
