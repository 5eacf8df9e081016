import { http } from './http/definition.ts';

/**
 * All kinds of checks: one line each, and one in probes.ts where the kind is probed. In the order in which they are tried on
 * the input of the form's first field; `http`, the last, takes any.
 */
export const definitions = { http };
