/**
 * A text read in other ways: with its escapes undone, or what is written in it as base64 or hexadecimal. Each character
 * knows from where to where it stands in the text that was given.
 */
export interface Reading {
  text: string;
  from: readonly number[];
  to: readonly number[];
  /** Bytes rather than text: a character is one byte. */
  isBytes: boolean;
  /** Its end is that of the whole, which may have been cut off there. */
  isAtEnd: boolean;
}

/** A target may pack what it quotes more than once. */
const maxDepth = 3;

/** What readings of one answer may add up to, in characters; each level can be five times as long as the one before. */
export const maxTotal = 600_000;

/** All readings, the text itself first; null where they would add up to more than `most` characters. */
export const readingsOf = (given: string, most = maxTotal): Reading[] | null => {
  const at = Array.from({ length: given.length }, (_, i) => i);
  const all: Reading[] = [{ text: given, from: at, to: at.map((i) => i + 1), isBytes: false, isAtEnd: true }];
  let total = given.length;
  let level = all.slice();
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: Reading[] = [];
    for (const reading of level)
      for (const inner of [...unescaped(reading), ...fromBase64(reading), ...fromHex(reading)]) {
        total += inner.text.length;
        if (total > Math.min(most, maxTotal)) return null;
        next.push(inner);
      }
    all.push(...next);
    level = next;
  }
  return all;
};

class Writer {
  #text: string[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  constructor(readonly source: Reading) {}

  /** A character that stands for those from `first` to `last` of the source. */
  write(sign: string, first: number, last: number) {
    for (let i = 0; i < sign.length; i++) {
      this.#from.push(this.source.from[first] ?? 0);
      this.#to.push(this.source.to[last] ?? 0);
    }
    this.#text.push(sign);
  }

  reading(isBytes: boolean, isAtEnd: boolean): Reading[] {
    const text = this.#text.join('');
    return text === '' ? [] : [{ text, from: this.#from, to: this.#to, isBytes, isAtEnd }];
  }
}

const escaping =
  /\\u\{([0-9a-f]{1,6})\}|[\\%]u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\(["'\\/bfnrt])|((?:%[0-9a-f]{2})+)|&#(\d{1,7});?|&#x([0-9a-f]{1,6});?|&([a-z]{2,31});/gi;

/** The beginning of an escape, where the text was cut in it. */
const cutEscape =
  /(?:\\(?:u\{?[0-9a-f]{0,5}|x[0-9a-f]?)?|%(?:u[0-9a-f]{0,3}|[0-9a-f])?|&(?:#x?[0-9a-f]{0,7}|[a-z]{0,31}))$/i;

const simple: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const unescaped = (source: Reading): Reading[] => {
  const { text, isAtEnd } = source;
  const end = isAtEnd ? text.length - (cutEscape.exec(text.slice(-40))?.[0].length ?? 0) : text.length;
  const out = new Writer(source);
  let at = 0;
  let isChanged = end < text.length;
  const copyTo = (until: number) => {
    for (; at < until; at++) out.write(text[at] ?? '', at, at);
  };
  for (const found of text.slice(0, end).matchAll(escaping)) {
    const [whole, braced, four, two, sign, percents, decimal, hex, name] = found;
    copyTo(found.index);
    const last = found.index + whole.length - 1;
    const code = braced ?? four ?? two ?? hex;
    if (percents) writeUtf8(out, percents, found.index);
    else if (sign) out.write(simple[sign] ?? sign, at, last);
    else {
      const point = code ? Number.parseInt(code, 16) : decimal ? Number(decimal) : entities.get(name ?? '');
      const isPoint = point !== undefined && point <= 0x10ffff;
      out.write(isPoint ? String.fromCodePoint(point) : whole, at, last);
    }
    at = last + 1;
    isChanged = true;
  }
  copyTo(end);
  return isChanged ? out.reading(source.isBytes, isAtEnd) : [];
};

/** `%C3%BC`: what is not UTF-8 is a character by itself. */
const writeUtf8 = (out: Writer, percents: string, index: number) => {
  const bytes = percents
    .slice(1)
    .split('%')
    .map((byte) => Number.parseInt(byte, 16));
  for (let i = 0; i < bytes.length; ) {
    const [first = 0, ...rest] = bytes.slice(i, i + 4);
    const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    const tail = rest.slice(0, more);
    const isWhole = tail.length === more && tail.every((byte) => (byte & 0xc0) === 0x80);
    const length = isWhole ? more + 1 : 1;
    const point =
      isWhole && more > 0 ? tail.reduce((sum, byte) => sum * 64 + (byte & 63), first & (0x3f >> more)) : first;
    out.write(point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd', index + i * 3, index + (i + length) * 3 - 1);
    i += length;
  }
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const sextets = new Map([...alphabet].map((sign, i) => [sign, i]));
sextets.set('-', 62).set('_', 63);

/** Wrapped or not, in either alphabet, and wherever in it a group of four begins. */
const fromBase64 = (source: Reading): Reading[] => {
  const runs = [...source.text.matchAll(/[A-Za-z0-9+/_\-\r\n]{6,}/g)];
  if (runs.length === 0) return [];
  return [0, 1, 2, 3].flatMap((offset) => {
    const out = new Writer(source);
    let isAtEnd = false;
    for (const { 0: run, index } of runs) {
      const places: number[] = [];
      for (let i = 0; i < run.length; i++) if (sextets.has(run[i] ?? '')) places.push(index + i);
      const valueAt = (i: number) => sextets.get(source.text[places[i] ?? -1] ?? '') ?? 0;
      for (let bit = offset * 6; bit + 8 <= places.length * 6; bit += 8) {
        const first = Math.floor(bit / 6);
        const last = Math.floor((bit + 7) / 6);
        const shift = (last + 1) * 6 - bit - 8;
        let value = 0;
        for (let i = first; i <= last; i++) value = (value << 6) | valueAt(i);
        out.write(String.fromCharCode((value >> shift) & 255), places[first] ?? 0, places[last] ?? 0);
      }
      isAtEnd = source.isAtEnd && index + run.length === source.text.length;
      if (!isAtEnd) out.write('\n', index + run.length - 1, index + run.length - 1);
    }
    return out.reading(true, isAtEnd);
  });
};

/** `616263`, `61:62:63`, `61 62 63` and `0x61, 0x62, 0x63`. */
const fromHex = (source: Reading): Reading[] => {
  const runs = [...source.text.matchAll(/[0-9a-f]{8,}|(?:[0-9a-f]{2}(?:[\s:,-] ?(?:0x)?)){3,}[0-9a-f]{2}/gi)];
  if (runs.length === 0) return [];
  return [0, 1].flatMap((offset) => {
    const out = new Writer(source);
    let isAtEnd = false;
    for (const { 0: run, index } of runs) {
      const places: number[] = [];
      for (let i = 0; i < run.length; i++)
        if (/[0-9a-f]/i.test(run[i] ?? '') && !/^0x/i.test(run.slice(i, i + 2))) places.push(index + i);
      for (let i = offset; i + 1 < places.length; i += 2) {
        const [first = 0, last = 0] = [places[i], places[i + 1]];
        const byte = Number.parseInt(`${source.text[first]}${source.text[last]}`, 16);
        out.write(String.fromCharCode(byte), first, last);
      }
      isAtEnd = source.isAtEnd && index + run.length === source.text.length;
      if (!isAtEnd) out.write('\n', index + run.length - 1, index + run.length - 1);
    }
    return out.reading(true, isAtEnd);
  });
};

/** Of ASCII and Latin-1, in the order of their codes. https://html.spec.whatwg.org/multipage/named-characters.html */
const latinNames =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';
const asciiNames =
  'Tab:9 NewLine:10 excl:33 quot:34 QUOT:34 num:35 dollar:36 percnt:37 amp:38 AMP:38 apos:39 lpar:40 rpar:41 ast:42 midast:42 plus:43 comma:44 period:46 sol:47 colon:58 semi:59 lt:60 LT:60 equals:61 gt:62 GT:62 quest:63 commat:64 lsqb:91 lbrack:91 bsol:92 rsqb:93 rbrack:93 Hat:94 lowbar:95 UnderBar:95 grave:96 DiacriticalGrave:96 lcub:123 lbrace:123 verbar:124 vert:124 VerticalLine:124 rcub:125 rbrace:125';
const entities = new Map<string, number>([
  ...latinNames.split(' ').map((name, i) => [name, 160 + i] as const),
  ...asciiNames.split(' ').map((pair) => [pair.split(':')[0] ?? '', Number(pair.split(':')[1])] as const),
]);

/** What stands in a text once all its escapes are undone, as often as readings undo them. */
export const withoutEscapes = (text: string): string[] => {
  const found = [text];
  for (let depth = 0; depth < maxDepth; depth++) {
    const last = found.at(-1) ?? '';
    const at = Array.from({ length: last.length }, (_, i) => i);
    const [inner] = unescaped({ text: last, from: at, to: at, isBytes: false, isAtEnd: false });
    if (!inner) break;
    found.push(inner.text);
  }
  return found;
};
