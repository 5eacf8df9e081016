/** Marks that turn the direction of what follows, so that a text reads as another one than it is. https://trojansource.codes */
const turning = /[\u202a-\u202e\u2066-\u2069]/;

/** Blanks, characters without a shape of their own, the empty pattern of Braille, an empty note, and half of a pair. */
const invisible = /[\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800\ufffd\u{1d159}]/gu;

/** There is something to see in it: a character with a shape of its own. */
export const hasVisible = (text: string) => text.replace(invisible, '') !== '';

/** Neither control characters (but those in `allowed`), nor turning marks, nor half of a surrogate pair. */
export const isClean = (text: string, allowed: RegExp) =>
  text.isWellFormed() && !turning.test(text) && !/[\p{Cc}\u2028\u2029]/u.test(text.replace(allowed, ''));

export const hasClearLine = (text: string) => isClean(text, /$^/g);
