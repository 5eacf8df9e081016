/** https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding */
export interface Charset {
  /** A label that `TextDecoder` takes; null: the text is written in something that no browser decodes. */
  label: string | null;
  /** Nothing declared it: bytes that do not fit are no text of this page. */
  isGuess: boolean;
}

/** So far the beginning says a page declares its encoding. */
const prescanBytes = 1024;

/** The standard refuses to decode these. https://encoding.spec.whatwg.org/#replacement */
const refused = ['replacement', 'csiso2022kr', 'hz-gb-2312', 'iso-2022-cn', 'iso-2022-cn-ext', 'iso-2022-kr'];

/** No browser knows them, and in them Latin letters are other bytes than in ASCII, or stand for other signs. */
const unlikeAscii =
  /^(?:x-)?(?:(?:unicode-1-1-)?utf-?7(?:-imap)?|(?:utf|ucs)-?(?:4|32)(?:[bl]e)?|iso-10646-ucs-4|cs(?:utf32|ucs4)|scsu|bocu-1|utf-ebcdic|ebcdic.*|(?:cp|ibm-?)(?:0?37|273|500|1047|114\d))$/i;

/**
 * The encoding of a text that begins with `head`: byte order mark, then header, then the page itself. Null while more
 * of it is needed to tell; `isAll`: there is no more.
 */
const charsetOf = (contentType: string, head: Uint8Array, isAll: boolean): Charset | null => {
  if (head.length < 4 && !isAll) return null;
  const mark = byteOrderMark(head);
  if (mark) return mark;
  const declared = usable(/;\s*charset\s*=\s*"?([^\s;",]+)/i.exec(contentType)?.[1]);
  if (declared) return declared;
  const wide = withoutMark(head);
  if (wide) return wide;
  const latin = String.fromCharCode(...head.subarray(0, prescanBytes));
  const isXml = /^[^;]*[/+]xml\s*(;|$)/i.test(contentType);
  if (isXml || /^\s*text\/html\s*(;|$)/i.test(contentType) || (contentType.trim() === '' && /^\s*</.test(latin))) {
    const label = (isXml ? null : prescan(latin)) ?? xmlEncoding(latin);
    const inPage = usable(label ? asInPage(label) : undefined);
    if (inPage) return inPage;
    if (head.length < prescanBytes && !isAll) return null;
  }
  return { label: 'utf-8', isGuess: true };
};

/** How often the beginning of a text is scanned as more of it arrives, before it is scanned once more as a whole. */
const maxLooks = 16;

/** Finds the encoding of a text that arrives in pieces. However small these are, little of it is scanned twice. */
export class CharsetFinder {
  readonly #contentType: string;
  readonly #pieces: Uint8Array[] = [];
  length = 0;
  #looks = 0;
  /** Bytes scanned so far, repeated ones included. */
  bytesSeen = 0;

  constructor(contentType: string) {
    this.#contentType = contentType;
  }

  /** The encoding and everything that arrived; null while more of it is needed to tell. `isAll`: there is no more. */
  add(piece: Uint8Array, isAll: boolean): { charset: Charset; head: Uint8Array } | null {
    this.#pieces.push(piece);
    this.length += piece.length;
    const isEnough = isAll || this.length >= prescanBytes;
    if (!isEnough && this.#looks >= maxLooks) return null;
    this.#looks++;
    this.bytesSeen += Math.min(this.length, prescanBytes);
    const head = joined(this.#pieces, this.length);
    const charset = charsetOf(this.#contentType, head, isAll);
    return charset && { charset, head };
  }
}

const joined = (pieces: readonly Uint8Array[], length: number): Uint8Array => {
  const [first] = pieces;
  if (first && pieces.length === 1) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

const byteOrderMark = ([a, b, c, d]: Uint8Array): Charset | null => {
  if (a === 0xef && b === 0xbb && c === 0xbf) return { label: 'utf-8', isGuess: false };
  if (a === 0xfe && b === 0xff) return { label: 'utf-16be', isGuess: false };
  // UTF-32, which the standard does not know, begins like UTF-16.
  if (a === 0xff && b === 0xfe) return { label: c === 0 && d === 0 ? null : 'utf-16le', isGuess: false };
  return null;
};

/** Latin text in UTF-16 or UTF-32 shows by its zero bytes. https://www.w3.org/TR/xml/#sec-guessing-no-ext-info */
const withoutMark = ([a, b, c, d]: Uint8Array): Charset | null => {
  if (a && b === 0 && c && d === 0) return { label: 'utf-16le', isGuess: true };
  if (a === 0 && b && c === 0 && d) return { label: 'utf-16be', isGuess: true };
  if ((a && b === 0 && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0 && d))
    return { label: null, isGuess: true };
  return null;
};

const usable = (label: string | undefined): Charset | null => {
  if (label === undefined) return null;
  if (refused.includes(label.toLowerCase()) || unlikeAscii.test(label)) return { label: null, isGuess: false };
  try {
    return { label: new TextDecoder(label).encoding, isGuess: false };
  } catch {
    return null;
  }
};

/** A page that could be read so far is not written in UTF-16, whatever it says. */
const asInPage = (label: string) =>
  /^(utf-?16(le|be)?|ucs-2|unicode|csunicode|iso-10646-ucs-2)$/i.test(label)
    ? 'utf-8'
    : /^x-user-defined$/i.test(label)
      ? 'windows-1252'
      : label;

const xmlEncoding = (text: string) =>
  /^<\?xml[^>]*?\sencoding\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')/
    .exec(text)
    ?.slice(1)
    .find((found) => found !== undefined);

/** https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding */
const prescan = (text: string): string | undefined => {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    if (text.startsWith('<!--', at)) {
      const end = text.indexOf('-->', at + 2);
      if (end < 0) return undefined;
      at = end + 3;
    } else if (/^<\/?[a-z]/i.test(text.slice(at, at + 3))) {
      const isMeta = /^<meta[\s/]/i.test(text.slice(at, at + 6));
      const tag = readAttributes(text, nameEnd(text, at + 1));
      const found = isMeta && tag.isClosed ? metaCharset(tag.attributes) : undefined;
      if (found !== undefined && usable(asInPage(found))) return found;
      at = tag.end;
    } else if (/^<[!/?]/.test(text.slice(at, at + 2))) {
      const end = text.indexOf('>', at);
      if (end < 0) return undefined;
      at = end + 1;
    } else at++;
  }
  return undefined;
};

const isSpace = (sign: string | undefined) => sign !== undefined && /[\t\n\f\r ]/.test(sign);

const nameEnd = (text: string, from: number) => {
  let at = from;
  while (at < text.length && !isSpace(text[at]) && text[at] !== '>' && (text[at] !== '/' || at === from)) at++;
  return at;
};

/** Of an attribute that is given twice the first one counts. */
const readAttributes = (text: string, from: number) => {
  const attributes = new Map<string, string>();
  let at = from;
  const skip = (isSkipped: (sign: string | undefined) => boolean) => {
    while (at < text.length && isSkipped(text[at])) at++;
  };
  for (;;) {
    skip((sign) => isSpace(sign) || sign === '/');
    if (at >= text.length || text[at] === '>') break;
    const nameFrom = at++;
    skip((sign) => !isSpace(sign) && sign !== '=' && sign !== '/' && sign !== '>');
    const name = text.slice(nameFrom, at).toLowerCase();
    skip(isSpace);
    let value = '';
    if (text[at] === '=') {
      at++;
      skip(isSpace);
      const quote = text[at];
      const isQuoted = quote === '"' || quote === "'";
      if (isQuoted) at++;
      const valueFrom = at;
      skip((sign) => (isQuoted ? sign !== quote : !isSpace(sign) && sign !== '>'));
      value = text.slice(valueFrom, at);
      if (isQuoted) at++;
    }
    if (!attributes.has(name)) attributes.set(name, value);
  }
  return { attributes, isClosed: text[at] === '>', end: Math.max(at, from) };
};

const metaCharset = (attributes: Map<string, string>): string | undefined => {
  const direct = attributes.get('charset');
  if (direct !== undefined) return direct.trim();
  if (attributes.get('http-equiv')?.toLowerCase() !== 'content-type') return undefined;
  const [, double, single, bare] =
    /charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))/i.exec(attributes.get('content') ?? '') ?? [];
  return double ?? single ?? bare;
};
