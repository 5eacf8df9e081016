import { maskedSecret } from '../../domain/monitor.ts';
import { publicHeaders } from '../../domain/target.ts';

/** What a monitor sends that others must not read, should its target send it back. */
export interface Sent {
  headers: Record<string, string>;
  body: string | null;
  /** Values that the target itself has set on the way. */
  cookies?: readonly string[];
}

/** Headers of an answer that may carry what opens a door, whatever they are called. */
const secretName = /auth|cookie|token|secret|passw|credential|session|signature|csrf|xsrf|api-?key/i;
const queriedNames = ['location', 'content-location', 'refresh', 'link'];

/** Below this many characters a value is only masked where it stands alone: `de` in `index` is no secret. */
const distinctLength = 4;

/**
 * A function that masks the monitor's own secrets in a text, in the spellings in which targets send things back. A text
 * that was cut off (`isCut`) may end with the beginning of one.
 */
export const masker = (sent: Sent): ((text: string, isCut?: boolean) => string) => {
  const secrets = [...new Set(secretsOf(sent).flatMap(spellings))].sort((a, b) => b.length - a.length);
  return (text, isCut = false) => {
    let masked = text;
    for (const secret of secrets) masked = maskOne(masked, secret);
    return isCut ? maskEnd(masked, secrets) : masked;
  };
};

/** The value of an answer's header as it may be shown. */
export const maskHeader = (name: string, value: string, mask: (text: string) => string): string => {
  if (secretName.test(name)) return maskedSecret;
  const masked = mask(value);
  return queriedNames.includes(name.toLowerCase()) ? masked.replace(/\?[^\s<>;,"]*/g, `?${maskedSecret}`) : masked;
};

const maskOne = (text: string, secret: string) => {
  if (secret.length >= distinctLength) return text.replaceAll(secret, maskedSecret);
  const alone = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(secret)}(?![\\p{L}\\p{N}])`, 'gu');
  return text.replace(alone, maskedSecret);
};

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const maskEnd = (text: string, secrets: readonly string[]) => {
  let longest = 0;
  for (const secret of secrets)
    for (let length = Math.min(secret.length - 1, text.length); length >= distinctLength && length > longest; length--)
      if (text.endsWith(secret.slice(0, length))) longest = length;
  return longest === 0 ? text : text.slice(0, -longest) + maskedSecret;
};

const secretsOf = ({ headers, body, cookies = [] }: Sent): string[] => {
  const values = Object.entries(headers)
    .filter(([name]) => !publicHeaders.includes(name.toLowerCase()))
    .flatMap(([, value]) => [value, ...headerParts(value)]);
  return [...values, ...cookies, ...(body === null ? [] : [body, ...bodyParts(body)])].filter(
    (secret) => secret.trim() !== '',
  );
};

/** `Bearer <token>`, `Basic <user:password>`, `a=b; c=d`: each part alone. */
const headerParts = (value: string): string[] => {
  const [, scheme, credentials] = /^([A-Za-z][\w-]*) +(\S.*)$/.exec(value) ?? [];
  const basic = scheme?.toLowerCase() === 'basic' && credentials ? fromBase64(credentials) : null;
  const pairs = value.split(/[;,] */).flatMap((pair) => /^[^=]+=(.+)$/.exec(pair)?.[1] ?? []);
  return [
    ...(credentials ? [credentials] : []),
    ...(basic ? [basic, basic.slice(basic.indexOf(':') + 1)] : []),
    ...pairs.filter(isDistinct),
  ];
};

/** The texts in a JSON body, or the values of a form. */
const bodyParts = (body: string): string[] => {
  try {
    return leaves(JSON.parse(body)).filter(isDistinct);
  } catch {
    return body.includes('=') ? [...new URLSearchParams(body).values()].filter(isDistinct) : [];
  }
};

const leaves = (value: unknown): string[] => {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
};

/** Parts of a whole are words as often as secrets; the whole is masked at any length. */
const isDistinct = (part: string) => part.length >= distinctLength;

const htmlEntities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const spellings = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  // Not well-formed text has no such form.
  ...(secret.isWellFormed()
    ? [encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)]
    : []),
  secret.replace(/[&<>"']/g, (sign) => htmlEntities[sign] ?? sign),
];

const fromBase64 = (text: string): string | null => {
  try {
    return atob(text);
  } catch {
    return null;
  }
};
