import { PharosError } from '../../errors.ts';

/** Two people change the same object, and the second has not seen the change of the first. */
export const versionConflict = (what: string) =>
  new PharosError(
    'version_conflict',
    `Another user changed ${what} in the meantime. Reload the page, then make your change again.`,
  );
