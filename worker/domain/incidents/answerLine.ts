import { hasVisible } from '../fields/visibleText.ts';

/** What a person reads first of an answer. */

const isMarkup = /<(?:!doctype|!--|\?xml|(?:html|head|title|body|h[1-6]|div|p|center)(?![\w-]))/i;

/** Elements whose content nobody sees. Each pattern runs over the text once. */
const unseen = /<(script|style|svg|noscript|template)\b[^<>]*>.*?(?:<\/\1\s*>|$)/gis;
const comments = /<!--.*?(?:-->|$)/gs;
const titleText = /<title\b[^<>]*>([^<]*)/i;
const breaks = /<(?:br|\/?(?:p|div|h[1-6]|li|tr|table|section|main|header|center|hr|body|head|title))\b[^<>]*>/gi;
const tags = /<[^<>]*>/g;
const unclosed = /<[^<>]*$/;

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

const decoded = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,5}));/gi, (whole, decimal, hex, name: string | undefined) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });

/**
 * The first line of `body` in which there is something to see, without markup; of HTML its title, of JSON all of it on one
 * line. Null where there is none.
 */
export const answerLine = (body: string): string | null => {
  if (isMarkup.test(body)) {
    const seen = body.replace(comments, '').replace(unseen, '');
    return firstLine(decoded(titleText.exec(seen)?.[1] ?? '')) ?? firstLine(textOf(seen));
  }
  return /^\s*[{[]/.test(body) ? firstLine(body.replace(/\s+/g, ' ')) : firstLine(body);
};

const textOf = (markup: string) => decoded(markup.replace(breaks, '\n').replace(tags, '').replace(unclosed, ''));

const firstLine = (text: string): string | null =>
  text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .find(hasVisible) ?? null;
