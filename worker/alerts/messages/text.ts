import { hasVisible } from '../../domain/fields/visibleText.ts';

/**
 * Makes texts safe to show elsewhere: removes control characters and cuts long texts (fit.ts cuts by lines, markup.ts escapes).
 */

/** Embeddings, overrides and isolates reverse the text behind them; right-to-left letters stay. */
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** On one line, without control characters. */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(bidiControls, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is replaced
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();

/** At most `max` UTF-16 units, the unit of most receivers or a stricter one; no character is split. */
export const cut = (text: string, max: number): string => {
  if (text.length <= max) return text;
  const head = text.slice(0, Math.max(0, max - 1));
  return `${/[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head}…`;
};

/** Invisible characters without a meaning of their own. */
const shapeless = /[\p{Default_Ignorable_Code_Point}\u2800\ufffd\u{1d159}]/gu;

/** A name on one line, cut; `fallback` where nothing in it is visible. */
export const shownName = (name: string, fallback: string, max: number): string => {
  const line = oneLine(name);
  if (!hasVisible(line)) return fallback;
  const shown = cut(line, max);
  // The visible part may follow a longer invisible one.
  return hasVisible(shown.replace(/…$/, '')) ? shown : cut(line.replace(shapeless, '').trim(), max);
};

/** At most `max` bytes of UTF-8. */
export const cutBytes = (text: string, max: number): string => {
  const room = new Uint8Array(max);
  const { read, written } = new TextEncoder().encodeInto(text, room);
  if (read === text.length) return text;
  const ellipsisBytes = 3;
  const kept = new TextEncoder().encodeInto(
    text,
    room.subarray(0, Math.max(0, Math.min(written, max - ellipsisBytes))),
  );
  return `${text.slice(0, kept.read)}…`;
};

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
