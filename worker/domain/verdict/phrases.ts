import { outcomeTexts } from '../checks/outcome.ts';
import { type Region, regionNames } from '../checks/region.ts';
import type { RegionVote } from './explanation.ts';

/** Texts for sentences about verdicts. */

/** Without the comma, because `Europe, west` reads like two places within a sentence. */
export const placeOf = ({ region }: { region: Region }) => regionNames[region].replace(',', '');

/** The region's last result, in a word or two. */
export const saw = ({ evidence }: RegionVote): string =>
  outcomeTexts(evidence ?? { reason: 'error', status: null }).short;

/** The party that refuses checks, before “the checks of”. */
export const refusedBy = {
  challenged: 'the target’s bot protection blocks',
} as const;

export const list = (items: readonly string[]) =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

export const regionCount = (count: number) => (count === 1 ? '1 region' : `${count} regions`);
/** Singular or plural by count. */
export const form = (count: number, one: string, many: string) => (count === 1 ? one : many);
export const areNeeded = (count: number) => `${count} ${form(count, 'is', 'are')} needed`;
