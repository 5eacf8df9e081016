/** `2026-11-21 12:00:05 UTC`, for messages. */
export const utcText = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
