/**
 * Where a D1 database can be put; Durable Objects take the same names for a hint.
 * https://developers.cloudflare.com/d1/configuration/data-location/
 */
export const databaseLocations = ['weur', 'eeur', 'apac', 'oc', 'wnam', 'enam'] as const;

export type DatabaseLocation = (typeof databaseLocations)[number];
