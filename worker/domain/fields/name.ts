import { z } from 'zod';

/** Marks that turn the direction of what follows, so that a text reads as another one than it is. https://trojansource.codes */
const turning = /[\u202a-\u202e\u2066-\u2069]/;

/** Blanks, characters without a shape of their own, the empty pattern of Braille, an empty note, and half of a pair. */
const invisible = /[\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800\ufffd\u{1d159}]/gu;

/** There is something to see in it: a character with a shape of its own. */
export const hasVisible = (text: string) => text.replace(invisible, '') !== '';

/** Neither control characters (but those in `allowed`), nor turning marks, nor half of a surrogate pair. */
const isClean = (text: string, allowed: RegExp) =>
  text.isWellFormed() && !turning.test(text) && !/[\p{Cc}\u2028\u2029]/u.test(text.replace(allowed, ''));

export const hasClearLine = (text: string) => isClean(text, /$^/g);

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
