/**
 * The places that probes run from: Cloudflare's Durable Object location hints.
 * `sam`, `afr` and `me` exist as hints, but no objects are placed there, so they are not offered.
 * https://developers.cloudflare.com/durable-objects/reference/data-location/
 */
export const regions = ['wnam', 'enam', 'weur', 'eeur', 'apac', 'apac-ne', 'apac-se', 'oc'] as const;
export type Region = (typeof regions)[number];

export const regionNames: Record<Region, string> = {
  wnam: 'North America, west',
  enam: 'North America, east',
  weur: 'Europe, west',
  eeur: 'Europe, east',
  apac: 'Asia-Pacific',
  'apac-ne': 'Asia-Pacific, north-east',
  'apac-se': 'Asia-Pacific, south-east',
  oc: 'Oceania',
};

/** Three that share no continent, so that one bad cable cannot make a quorum. */
export const defaultRegions: Region[] = ['enam', 'weur', 'apac'];

/** In the order of the list above and without repeats, so that equal sets compare equal. */
export const normalizeRegions = (chosen: readonly Region[]): Region[] => regions.filter((r) => chosen.includes(r));

/** The bit of a region in a set of regions that one integer holds. */
export const regionBit = (region: Region): number => 1 << regions.indexOf(region);

export const regionBits = (those: readonly Region[]): number =>
  those.reduce((bits, region) => bits | regionBit(region), 0);
