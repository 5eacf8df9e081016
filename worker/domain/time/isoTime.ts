import { z } from 'zod';

/** An ISO 8601 time with its offset, read as ms since the epoch. */
export const isoTime = z.iso
  .datetime({ offset: true, error: 'Use a time such as 2026-01-31T12:00:00Z.' })
  .transform((text) => Date.parse(text));
