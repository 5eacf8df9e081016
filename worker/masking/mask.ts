import { publicHeaders } from '../domain/checks/requestHeaders.ts';
import { maskedSecret } from '../domain/monitors/monitor.ts';
import { maxTotal, readingsOf, withoutEscapes } from './decodings.ts';
import type { Reading } from './reading.ts';
import { partsOf } from './secretParts.ts';

/** Contents of a monitor's requests that others must not read if the target sends them back. */
export interface Sent {
  headers: Record<string, string>;
  body: string | null;
  /** Values that the target itself has set on the way. */
  cookies?: readonly string[];
  /** Secrets of which no part is searched. */
  wholes?: readonly string[];
}

/** Headers of an answer that may carry what opens a door, whatever they are called. */
const secretName = /auth|cookie|token|secret|passw|credential|session|signature|csrf|xsrf|api-?key/i;
const queriedNames = ['location', 'content-location', 'refresh', 'link'];

/**
 * How short a secret may be to be masked inside of other letters and digits: `de` in `index` is no secret, nor is `test` in
 * `latest`. What mixes letters, digits and signs is no word.
 */
const distinctLength = 4;
const longLength = 8;

const isWord = (text: string) => /^(?:\p{L}+|\p{N}+)$/u.test(text);

interface Needle {
  /** In lower case. */
  text: string;
  /** Masked only where it stands between other signs than letters and digits. */
  isAlone: boolean;
  /** Too short to be told from chance among bytes. */
  isOnlyText: boolean;
}

/**
 * A function that masks the monitor's own secrets in a text, in whatever case and encoding a target sends them back
 * (decodings.ts). A text that was cut off (`isCut`) may end with the beginning of one. Never throws, takes time that grows
 * with the length of the text; a text with more in it than can be searched is masked as a whole. `most`: the limit on the
 * readings of all texts together, in characters.
 */
export const masker = (sent: Sent, most = Number.POSITIVE_INFINITY): ((text: string, isCut?: boolean) => string) => {
  const secrets = secretsOf(sent);
  const needles = needlesOf(secrets ?? []);
  let left = most;
  return (text, isCut = false) => {
    if (!secrets && text !== '') return maskedSecret;
    if (needles.length === 0 || text === '') return text;
    const readings = readingsOf(text, left);
    left -= readings?.reduce((sum, reading) => sum + reading.text.length, 0) ?? Math.min(left, maxTotal);
    if (!readings) return maskedSecret;
    return replaced(
      text,
      readings.flatMap((reading) => found(reading, needles, isCut, text.length)),
    );
  };
};

const needlesOf = (secrets: readonly string[]): Needle[] => {
  const texts = secrets
    .flatMap(withoutEscapes)
    // A form writes a space as a plus sign.
    .flatMap((text) => [text, bytesOf(text), text.replaceAll(' ', '+'), text.normalize('NFKC'), ...disguised(text)])
    .map(fold);
  return [...new Set(texts)]
    .filter((text) => text !== '')
    .map((text) => ({
      text,
      isAlone: text.length < distinctLength || (text.length < longLength && isWord(text)),
      isOnlyText: text.length < distinctLength,
    }));
};

/** Turned in a way that needs no key; of a short one that would be some other word. */
const disguised = (text: string) => (text.length < longLength ? [] : [[...text].reverse().join(''), rot13(text)]);

const rot13 = (text: string) =>
  text.replace(/[a-z]/gi, (sign) => String.fromCharCode(sign.charCodeAt(0) + (sign.toLowerCase() < 'n' ? 13 : -13)));

/** As it looks where each byte of its UTF-8 is shown as a character. */
const bytesOf = (text: string) =>
  /^[\0-\x7f]*$/.test(text) ? text : String.fromCharCode(...new TextEncoder().encode(text));

/** In lower case, with every character in its place. */
const fold = (text: string): string => {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return [...text].map((sign) => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign)).join('');
};

type Range = [from: number, to: number];

const found = (reading: Reading, needles: readonly Needle[], isCut: boolean, length: number): Range[] => {
  const text = fold(reading.text);
  const ranges: Range[] = [];
  for (const needle of needles) {
    if (needle.isOnlyText && reading.isBytes) continue;
    for (let at = text.indexOf(needle.text); at >= 0; at = text.indexOf(needle.text, at + 1)) {
      const end = at + needle.text.length;
      const joins = needle.isAlone && (isSign(text, at - 1) || isSign(text, end));
      if (!joins) ranges.push([reading.from[at] ?? 0, reading.to[end - 1] ?? length]);
    }
    if (!isCut || !reading.isAtEnd) continue;
    const begun = beginningAtEnd(text, needle.text);
    const at = text.length - begun;
    if (begun >= distinctLength && !(needle.isAlone && isSign(text, at - 1)))
      ranges.push([reading.from[at] ?? 0, length]);
  }
  return ranges;
};

const isSign = (text: string, at: number) => /[\p{L}\p{N}]/u.test(text[at] ?? '');

/** How many characters of `needle`, not all, end the text: by the failure function of Knuth, Morris and Pratt. */
const beginningAtEnd = (text: string, needle: string): number => {
  const failure = [0];
  const step = (state: number, sign: string | undefined) => {
    let next = state;
    while (next > 0 && (next === needle.length || needle[next] !== sign)) next = failure[next - 1] ?? 0;
    return needle[next] === sign ? next + 1 : next;
  };
  const last = Math.min(needle.length - 1, text.length);
  for (let i = 1, state = 0; i < last; i++) {
    state = step(state, needle[i]);
    failure[i] = state;
  }
  let state = 0;
  for (let i = text.length - last; i < text.length; i++) state = step(state, text[i]);
  return state;
};

const replaced = (text: string, ranges: Range[]): string => {
  const parts: string[] = [];
  let at = 0;
  for (const [from, to] of merged(ranges)) {
    parts.push(text.slice(at, from), maskedSecret);
    at = to;
  }
  return parts.join('') + text.slice(at);
};

const merged = (ranges: Range[]): Range[] => {
  const all: Range[] = [];
  for (const [from, to] of ranges.sort(([a], [b]) => a - b)) {
    const last = all.at(-1);
    if (last && from < last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
};

/** The value of an answer's header as it may be shown. */
export const maskHeader = (name: string, value: string, mask: (text: string) => string): string => {
  if (secretName.test(name)) return maskedSecret;
  const masked = mask(value);
  return queriedNames.includes(name.toLowerCase()) ? masked.replace(/\?[^\s<>;,"]*/g, `?${maskedSecret}`) : masked;
};

const secretsOf = ({ headers, body, cookies = [], wholes = [] }: Sent): string[] | null => {
  const values = Object.entries(headers)
    .filter(([name]) => !publicHeaders.includes(name.toLowerCase()))
    .map(([, value]) => value);
  const whole = [...values, ...cookies, ...(body === null ? [] : [body])].flatMap((text) => [text, text.trim()]);
  const parts = partsOf(whole);
  return (
    parts && [...whole, ...wholes, ...values.flatMap(credentialsOf), ...parts].filter((secret) => secret.trim() !== '')
  );
};

/** `Bearer <token>`, `Basic <user:password>`: secrets at any length. */
const credentialsOf = (value: string): string[] => {
  const [, scheme, credentials] = /^\s*([A-Za-z][\w-]*) +(\S.*?)\s*$/.exec(value) ?? [];
  const basic = scheme?.toLowerCase() === 'basic' && credentials ? fromBase64(credentials) : null;
  return [...(credentials ? [credentials] : []), ...(basic ? [basic, basic.slice(basic.indexOf(':') + 1)] : [])];
};

const fromBase64 = (text: string): string | null => {
  try {
    return atob(text);
  } catch {
    return null;
  }
};
