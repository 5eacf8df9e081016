import { PharosError } from '../../errors.ts';

/** Of two people who change the same, the second had not seen what the first one made of it. */
export const changedMeanwhile = (what: string) =>
  new PharosError(
    'conflict',
    `Somebody else changed ${what} in the meantime. Load the page again to see what is there now, then make your change.`,
  );
