/** `ms` since the epoch as ISO 8601 in UTC. */
export const toIsoTime = (ms: number): string => new Date(ms).toISOString();

export const toIsoTimeOrNull = (ms: number | null): string | null => (ms === null ? null : toIsoTime(ms));
