/** The worst first. A worse advisory replaces the ones after it. */
export const advisories = ['unknown', 'regional', 'degraded'] as const;

export type Advisory = (typeof advisories)[number];
