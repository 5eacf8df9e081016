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
  /** The text that was given, of which nothing was undone. */
  isGiven: boolean;
}

/** The text itself, in which every character stands for itself. */
export const readingOf = (text: string, isAtEnd: boolean): Reading => {
  const at = Array.from({ length: text.length }, (_, i) => i);
  return { text, from: at, to: at.map((i) => i + 1), isBytes: false, isAtEnd, isGiven: true };
};

/**
 * Whether something was undone between these two places. What stands in a reading as it stood in the text that was given
 * has been read there already: most of a page, which would otherwise be read at every level once more.
 */
export const isNew = ({ isGiven, from, to }: Reading, start: number, end: number): boolean => {
  if (isGiven) return true;
  for (let i = start; i < end; i++)
    if (from[i] !== (to[i] ?? 0) - 1 || (i > start && from[i] !== to[i - 1])) return true;
  return false;
};

export class Writer {
  #text: string[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly source: Reading;
  constructor(source: Reading) {
    this.source = source;
  }

  /** A character that stands for those from `first` to `last` of the source. */
  write(sign: string, first: number, last: number) {
    for (let i = 0; i < sign.length; i++) {
      this.#from.push(this.source.from[first] ?? 0);
      this.#to.push(this.source.to[last] ?? 0);
    }
    this.#text.push(sign);
  }

  /** Those from `start` to before `end` as they are. */
  copy(start: number, end: number) {
    for (let i = start; i < end; i++) this.write(this.source.text[i] ?? '', i, i);
  }

  reading(isBytes: boolean, isAtEnd: boolean): Reading[] {
    const text = this.#text.join('');
    return text === '' ? [] : [{ text, from: this.#from, to: this.#to, isBytes, isAtEnd, isGiven: false }];
  }
}

interface Rewriting {
  /** Global. */
  pattern: RegExp;
  /** Writes what the match stands for; nothing, where it stands for nothing. */
  write: (out: Writer, found: RegExpExecArray) => void;
  /** The beginning of a match, where the text was cut in it. */
  cut?: RegExp;
}

/** No beginning of an escape is longer. */
const longestEscape = 40;

/** The whole text with all matches rewritten; none where that is nothing new. */
export const rewritten = (source: Reading, { pattern, write, cut }: Rewriting): Reading[] => {
  const { text, isAtEnd } = source;
  const cutAway = isAtEnd && cut ? (cut.exec(text.slice(-longestEscape))?.[0].length ?? 0) : 0;
  const end = text.length - cutAway;
  const matches = [...text.slice(0, end).matchAll(pattern)];
  const isChanged = matches.some(({ 0: whole, index }) => isNew(source, index, index + whole.length));
  if (!isChanged && (cutAway === 0 || !isNew(source, end, text.length))) return [];
  const out = new Writer(source);
  let at = 0;
  for (const found of matches) {
    out.copy(at, found.index);
    write(out, found);
    at = found.index + found[0].length;
  }
  out.copy(at, end);
  return out.reading(source.isBytes, isAtEnd);
};
