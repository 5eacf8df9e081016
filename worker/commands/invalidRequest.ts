import type { z } from 'zod';
import { type FieldProblem, PharosError } from '../errors.ts';

/** Names each field that a schema refused. */
export const invalidRequest = (issues: readonly z.core.$ZodIssue[]) =>
  new PharosError('invalid_request', 'Some values are invalid; "errors" lists them.', issues.flatMap(fieldProblems));

/** Each unknown name is a field of its own. */
const fieldProblems = (issue: z.core.$ZodIssue): FieldProblem[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: `Unknown field “${key}”.` }))
    : [{ path: issue.path.join('.'), message: issue.message }];
