import type { ReferenceFinding } from './distrust.ts';
import { defaultRegions, type Region, regions } from './region.ts';
import { registrableDomain } from './registrableDomain.ts';

/** Reference targets: addresses of large, independent operators that answer from everywhere as long as a region is sound. */

/** Fewer independent ones, and the trouble of one operator would be half of the evidence. */
const minReferences = 3;
/** A Prober has six requests that may wait. */
export const maxReferences = 6;

/** Regions that a suspected one is compared with, and how many of them must have answered. */
const witnessCount = 3;
const minWitnesses = 2;

/** Whether each reference, by its address, answered a region. */
export type Look = Readonly<Record<string, boolean>>;

/** Why these cannot be reference targets; null where they can. None at all is a choice. */
export const referenceProblem = (urls: readonly string[]): string | null => {
  if (urls.length === 0) return null;
  if (urls.length > maxReferences) return `names more than ${maxReferences} addresses`;
  const domains = new Set(urls.map((url) => registrableDomain(new URL(url).hostname)));
  if (domains.size < urls.length) return 'names two addresses of one domain, which would fail together';
  return urls.length < minReferences ? `needs addresses of at least ${minReferences} domains, or none` : null;
};

/**
 * Those that are asked beside a suspected region, never one that is distrusted. Always in the same order: teams do not
 * choose the witnesses.
 */
export const witnessesFor = (suspect: Region, distrusted: readonly Region[]): Region[] =>
  [...new Set([...defaultRegions, ...regions])]
    .filter((region) => region !== suspect && !distrusted.includes(region))
    .slice(0, witnessCount);

/**
 * The finding of the references for a region. A reference counts where it answers most of the witnesses; the region is broken
 * where more than half of all references count and do not answer it. `elsewhere` holds the witnesses' results that arrived.
 */
export const findingOf = (urls: readonly string[], here: Look | null, elsewhere: readonly Look[]): ReferenceFinding => {
  if (here === null || elsewhere.length < minWitnesses) return { says: 'inconclusive' };
  const passing = urls.filter((url) => elsewhere.filter((look) => look[url]).length * 2 > elsewhere.length);
  if (passing.length * 2 <= urls.length) return { says: 'inconclusive' };
  const failing = passing.filter((url) => !here[url]).length;
  return { says: failing * 2 > urls.length ? 'broken' : 'sound', failing, references: urls.length };
};
