/**
 * The secret parts of an address that is a secret: receivers quote the path, or the part that they take for a key. Words are not
 * masked: vendors' sentences would become unreadable.
 */

const minPathPart = 6;
const minQueryValue = 4;
/** The path as a whole is masked from this length on, even where it is made of words. */
const minPath = 9;

const secretName = /key|token|sig|secret|pass|auth|code|hash/i;

/** `wholes`: the address, and its path; `keys`: parts that may be keys, which a receiver may quote decoded. */
export const secretPartsOf = (address: string): { wholes: string[]; keys: string[] } => {
  const { pathname, search, searchParams } = new URL(address);
  const paths = pathname.length >= minPath ? [pathname, pathname + search] : [pathname + search];
  const inPath = pathname.split('/').filter((part) => part.length >= minPathPart && !isPlain(part));
  const inQuery = [...searchParams].flatMap(([name, value]) =>
    value.length >= minQueryValue && (secretName.test(name) || !isPlain(value)) ? [value] : [],
  );
  return { wholes: [address, ...paths.filter((path) => path.length >= minPath)], keys: [...inPath, ...inQuery] };
};

export const isAddress = (text: string): boolean => /^https?:/i.test(text) && URL.canParse(text);

/** A passphrase has more words than this. */
const maxWords = 3;
const maxWordLength = 14;

/** Words, versions and dates. */
const isPlain = (part: string): boolean => {
  if (/^\d{4}-\d\d-\d\d$/.test(part)) return true;
  const tokens = part.split(/[-_.~/\s]+|(?<=[a-z])(?=[A-Z])/).filter(Boolean);
  return tokens.length <= maxWords && tokens.every(isWordOrNumber);
};

const isWordOrNumber = (token: string): boolean => {
  if (/^v?\d{1,3}$/i.test(token)) return true;
  const word = token.toLowerCase();
  return /^[a-z]+$/.test(word) && (knownWords.has(word) || isWordLike(word));
};

/** Eight random letters pass with a probability of 3 %, twelve with 0.4 %, and a key of 20 never. */
const isWordLike = (word: string): boolean =>
  word.length <= maxWordLength &&
  /[aeiouy]/.test(word) &&
  [...word].every((letter, i) => i === 0 || follows[word[i - 1] ?? '']?.includes(letter));

/** Fixed parts of vendors' addresses, and words that technicians put together. */
const knownWords = new Set(
  'api webhook webhooks hook hooks services workflow workflows checkout kubernetes http https url src dev prod app apps'.split(
    ' ',
  ),
);

/** English letter pairs: those that occur in three or more of 3,655 words of technical texts. */
const follows: Record<string, string> = {
  a: 'bcdfgijklmnprstuvwxyz',
  b: 'abcdeijloprstuy',
  c: 'acehiklorstuy',
  d: 'abcdefgilnoprstuvy',
  e: 'abcdefghijklmnopqrstuvwxy',
  f: 'aefilortuy',
  g: 'aceghilmnorsu',
  h: 'abeilmnorstuy',
  i: 'abcdefgklmnoprstvxz',
  j: 'eosu',
  k: 'aeilnsty',
  l: 'abcdefiklmopstuvy',
  m: 'abeilmnopsu',
  n: 'abcdefgiklmnopstuvwy',
  o: 'abcdefghijklmnoprstuvwxy',
  p: 'adehilmoprstu',
  q: 'u',
  r: 'abcdefgiklmnoprstuvwy',
  s: 'acdefhiklmnoprstuwy',
  t: 'abcdefhilnoprstuwy',
  u: 'abcdefgilmnoprst',
  v: 'aeio',
  w: 'aehilnors',
  x: 'aceipt',
  y: 'bcdeilmnopstw',
  z: 'aeioz',
};
