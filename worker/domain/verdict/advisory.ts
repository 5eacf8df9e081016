/** The worst first: it takes the place of those after it. */
export const advisories = ['unknown', 'regional', 'degraded'] as const;

export type Advisory = (typeof advisories)[number];
