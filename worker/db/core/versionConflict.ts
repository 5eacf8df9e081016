import { PharosError } from '../../errors.ts';

/** Of two people who change the same, the second had not seen what the first one made of it. */
export const versionConflict = (what: string) =>
  new PharosError(
    'version_conflict',
    `Another user changed ${what} in the meantime. Reload the page, then make your change again.`,
  );
