import { z } from 'zod';
import { type TargetRules, targetProblem } from '../../domain/checks/target.ts';
import type { FieldKit } from './definition.ts';

/** The kit for the fields of kinds, where addresses have to keep these rules. */
export const fieldKit = (rules: TargetRules | boolean): FieldKit => ({
  z,
  addressProblem: (url) => targetProblem(url, rules)?.message,
});
