import { z } from 'zod';
import { hasClearLine, hasVisible, isClean } from './visibleText.ts';

interface Rule {
  /** `name`, `title` …: as it is called in problems. */
  what: string;
  /** What is said where there is nothing, or nothing to see. */
  missing: string;
  max: number;
}

const limited = ({ what, missing, max }: Rule) =>
  z
    .string(missing)
    .trim()
    .max(max, `A ${what} can have at most ${max.toLocaleString('en')} characters.`);

/** One line that people write, in which there is something to see. */
export const lineField = (rule: Rule) =>
  limited(rule)
    .refine(hasClearLine, `Write the ${rule.what} on one line, without control or text-direction characters.`)
    .refine((text) => hasVisible(text), rule.missing);

const textProblem = (what: string) =>
  `Write the ${what} without control characters (except line breaks and tabs) or text-direction characters.`;

const isClearText = (text: string) => isClean(text, /[\n\r\t]/g);

/** A text of any number of lines, in which there is something to see. */
export const textField = (rule: Rule) =>
  limited(rule)
    .refine(isClearText, textProblem(rule.what))
    .refine((text) => hasVisible(text), rule.missing);

/** As `textField`, where nothing to see is nothing: null. */
export const optionalTextField = ({ what, max }: Omit<Rule, 'missing'>) =>
  limited({ what, max, missing: `The ${what} must be a string or null.` })
    .refine(isClearText, textProblem(what))
    .transform((text) => (hasVisible(text) ? text : null))
    .nullable();

/** What people call what they made (`channel`, `person` …). */
export const nameField = (owner: string) =>
  lineField({ what: 'name', missing: `Enter a name for the ${owner}.`, max: 100 });
