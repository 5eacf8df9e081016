import { z } from 'zod';

/** A word that monitors have in common. */
export const tagField = z
  .string('A tag is a text.')
  .trim()
  .min(1, 'A tag cannot be empty.')
  .max(32, 'A tag is at most 32 characters long.');
