import type { z } from 'zod';
import { type FieldProblem, PharosError } from './errors.ts';

/** Names each field that a schema refused; `within`: where what it parsed lies in the whole. */
export const invalidRequest = (issues: readonly z.core.$ZodIssue[], within: readonly string[] = []) =>
  new PharosError(
    'invalid_request',
    'Some values are invalid; "errors" lists them.',
    issues.flatMap((issue) => fieldProblems(issue, within)),
  );

/** Each unknown name is a field of its own. */
const fieldProblems = (issue: z.core.$ZodIssue, within: readonly string[]): FieldProblem[] => {
  const path = [...within, ...issue.path];
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: [...path, key].join('.'), message: `Unknown field “${key}”.` }))
    : [{ path: path.join('.'), message: issue.message }];
};
