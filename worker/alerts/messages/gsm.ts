/** SMS texts: in the GSM alphabet wherever possible, because any other character more than halves the capacity of a segment. */

/** One septet each. 3GPP TS 23.038, section 6.2.1 */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);

/** An escape and a septet each. Section 6.2.1.1 */
const extension = new Set('\f^{}\\[~]|€');

const isGsm = (sign: string) => basic.has(sign) || extension.has(sign);

/** Each character of the first text becomes the second. */
const written: [signs: string, as: string][] = [
  ['‘’‚‛′‹›´`ʼʹ', "'"],
  ['“”„‟″«»〝〞', '"'],
  ['‐‑‒–—―−⁃', '-'],
  ['…', '...'],
  ['•●▪■◦‣', '*'],
  ['·∙⋅', '.'],
  ['⁄∕÷', '/'],
  ['¦', '|'],
  ['×', 'x'],
  ['±', '+/-'],
  ['→➔➜⇒', '->'],
  ['←⇐', '<-'],
  ['↔⇔', '<->'],
  ['≤', '<='],
  ['≥', '>='],
  ['≠', '!='],
  ['≈', '~'],
  ['©', '(C)'],
  ['®', '(R)'],
  ['™', 'TM'],
  ['°', ' deg'],
  ['µ', 'u'],
  ['¢', 'c'],
  ['œ', 'oe'],
  ['Œ', 'OE'],
  ['þ', 'th'],
  ['Þ', 'Th'],
  ['ŋ', 'ng'],
  ['Ŋ', 'NG'],
  ['ə', 'e'],
  ['Ə', 'E'],
  ['ẞ', 'SS'],
];

/** Letters that no decomposition takes their stroke from, and Greek capitals that look like Latin ones. */
const letters: [signs: string, as: string][] = [
  ['łŁđĐðÐħĦŧŦıĸ', 'lLdDdDhHtTik'],
  ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
];

const plain = new Map([
  ...written.flatMap(([signs, as]) => [...signs].map((sign) => [sign, as] as const)),
  ...letters.flatMap(([signs, as]) => [...signs].map((sign, i) => [sign, as.charAt(i)] as const)),
]);

/** In GSM characters; empty for a character that is part of no word, null for a letter or digit missing in GSM. */
const gsmOf = (sign: string): string | null => {
  if (isGsm(sign)) return sign;
  const known = plain.get(sign);
  if (known !== undefined) return known;
  const parts = [...sign.normalize('NFKD').replace(/\p{M}/gu, '')];
  if (parts.length !== 1 || parts[0] !== sign) return joined(parts);
  const capital = sign.toUpperCase();
  if (/\p{Script=Greek}/u.test(sign) && capital !== sign) return gsmOf(capital);
  return /[\p{L}\p{N}]/u.test(sign) ? null : '';
};

const joined = (signs: readonly string[]): string | null =>
  signs.reduce<string | null>((text, sign) => {
    const next = text === null ? null : gsmOf(sign);
    return next === null ? null : text + next;
  }, '');

/**
 * `text` in the GSM alphabet, with plain letters for accented ones, plain punctuation, and without emoji; null where that would
 * lose a letter or a digit.
 */
export const toGsm = (text: string): string | null => {
  const signs = [...text.normalize('NFC')].map(gsmOf);
  if (signs.includes(null)) return null;
  // The space before an emoji is removed with it.
  return signs
    .map((sign) => (sign === '' ? '\0' : sign))
    .join('')
    .replace(/ \0+(?=[ .,;:!?)]|$)/gm, '')
    .replace(/^\0+ ?/gm, '')
    .replaceAll('\0', '');
};

/** Capacity of a segment, alone and as one of several, which carry a header. */
const capacity = { gsm: { alone: 160, joined: 153 }, ucs2: { alone: 70, joined: 67 } };

export interface Segments {
  encoding: 'gsm' | 'ucs2';
  /** Septets, or units of UTF-16. */
  units: number;
  segments: number;
}

/** Encoding of a text. No character is split: one that does not fit opens the next segment. */
export const segmentsOf = (text: string): Segments => {
  const signs = [...text];
  const encoding = signs.every(isGsm) ? 'gsm' : 'ucs2';
  const { alone, joined } = capacity[encoding];
  const sizes = signs.map((sign) => (encoding === 'ucs2' ? sign.length : extension.has(sign) ? 2 : 1));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= alone) return { encoding, units, segments: Math.min(units, 1) };
  let [segments, used] = [1, 0];
  for (const size of sizes) {
    if (used + size > joined) [segments, used] = [segments + 1, 0];
    used += size;
  }
  return { encoding, units, segments };
};
