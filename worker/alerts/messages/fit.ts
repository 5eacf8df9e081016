import { cut } from './text.ts';

/** Fits texts into a receiver's limit: by whole lines, and with a count of the omitted ones. */

/** The receiver's unit. */
export type Measure = (text: string) => number;

/** UTF-16 units. */
export const inCharacters: Measure = (text) => text.length;

/** Of UTF-8. */
export const inBytes: Measure = (text) => new TextEncoder().encode(text).length;

/** As text in JSON, where quotation marks and backslashes take a second byte. */
export const inJsonBytes: Measure = (text) => inBytes(JSON.stringify(text));

/** The first `count` that fit together, as JSON, into `max` bytes; one that is too long is omitted. */
export const fitItems = <T>(items: readonly T[], { count, max }: { count: number; max: number }): T[] => {
  let left = max;
  return items
    .filter((item) => {
      const size = inBytes(JSON.stringify(item)) + 1;
      if (size > left) return false;
      left -= size;
      return true;
    })
    .slice(0, count);
};

/** A line for each of the first few things, of `total`. */
export interface List {
  lines: readonly string[];
  total: number;
}

export interface Room {
  max: number;
  measure?: Measure;
  /** Escapes a line; the escaped text counts. */
  shown?: (line: string) => string;
  /** Between two lines. */
  join?: string;
}

const same = (text: string) => text;

/** The first `count` lines, and the number of omitted items. */
export const firstLines = ({ lines, total }: List, count = lines.length): string[] => {
  const shown = lines.slice(0, count);
  const more = total - shown.length;
  return more > 0 ? [...shown, `and ${more.toLocaleString('en')} more`] : shown;
};

/** As many whole lines as fit; empty where not even the count fits. */
export const fitList = (list: List, { max, measure = inCharacters, shown = same, join = '\n' }: Room): string => {
  for (let count = list.lines.length; count >= 0; count--) {
    const text = firstLines(list, count).map(shown).join(join);
    if (measure(text) <= max) return text;
  }
  return '';
};

/** One line, with an ellipsis where it does not fit; empty where not even that fits. */
export const fitLine = (line: string, { max, measure = inCharacters, shown = same }: Room): string => {
  const whole = shown(line);
  if (measure(whole) <= max) return whole;
  let [fits, tooLong] = [0, line.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (measure(shown(cut(line, middle))) <= max) fits = middle;
    else tooLong = middle;
  }
  return fits === 0 ? '' : shown(cut(line, fits));
};

/** A part of a text: a sentence, or lines below a name. */
export interface Section {
  name: string | null;
  content: string | List;
}

export interface Page {
  max: number;
  measure?: Measure;
  /** The format of a section: with several lines, each is a list item. */
  render: (name: string | null, lines: readonly string[]) => string;
  /** Between two sections. */
  join?: string;
}

/**
 * Sections one after the other, the most important first. Sections that do not fit are omitted whole, the last first; before
 * that, lists drop lines and count them. Only a first section that is longer than the limit is cut.
 */
export const fitSections = (sections: readonly Section[], page: Page): string => {
  const { max, measure = inCharacters, render, join = '\n' } = page;
  const textOf = (kept: readonly Section[], counts: readonly number[]) =>
    kept.map(({ name, content }, i) => render(name, linesOf(content, counts[i]))).join(join);
  const kept = [...sections];
  const counts = kept.map(() => 0);
  while (kept.length > 1 && measure(textOf(kept, counts)) > max) kept.pop();
  for (const [i, { content }] of kept.entries()) {
    if (typeof content === 'string') continue;
    counts[i] = content.lines.length;
    while ((counts[i] ?? 0) > 0 && measure(textOf(kept, counts)) > max) counts[i] = (counts[i] ?? 0) - 1;
  }
  const text = textOf(kept, counts);
  const [first] = kept;
  if (measure(text) <= max || !first) return text;
  const { name, content } = first;
  const room = { max, measure, shown: (line: string) => render(name, [line]) };
  return typeof content === 'string' ? fitLine(content, room) : fitList(content, { ...room, shown: same });
};

const linesOf = (content: string | List, count: number | undefined) =>
  typeof content === 'string' ? [content] : firstLines(content, count);
