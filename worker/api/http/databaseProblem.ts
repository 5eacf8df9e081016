import { databaseFaultOf } from '../../db/core/retrying.ts';
import { PharosError } from '../../errors.ts';

const retryAfterSeconds = 10;

const sentences = {
  transient: 'The database of Pharos does not respond. Try again in a few seconds.',
  overloaded: 'The database of Pharos responds too slowly. Try again in a few seconds.',
  full: 'The database of Pharos accepts no changes: it is full, or the account has reached a daily limit.',
};

/** A statement that timed out may still have been carried out. */
const mayBeDone = 'The change may have been saved. Check before you repeat it.';

/** Null where the database is not the reason of the failure. */
export const databaseProblem = (thrown: unknown, method: string): PharosError | null => {
  const fault = databaseFaultOf(thrown);
  if (fault === null || fault === 'permanent') return null;
  const isChange = !['GET', 'HEAD', 'OPTIONS'].includes(method) && fault !== 'full';
  const detail = isChange ? `${sentences[fault]} ${mayBeDone}` : sentences[fault];
  return new PharosError('unavailable', detail, [], retryAfterSeconds);
};
