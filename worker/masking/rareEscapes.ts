import { type Reading, rewritten, type Writer } from './reading.ts';

/**
 * Escapes that read the same signs in different ways (`\53` is `+` in octal and `S` in CSS), so each has a reading of its
 * own.
 */
const inBase =
  (base: number) =>
  (out: Writer, { 0: whole, index, ...groups }: RegExpExecArray) => {
    const point = Number.parseInt(groups[1] ?? groups[2] ?? groups[3] ?? '', base);
    out.write(point <= 0x10ffff ? String.fromCodePoint(point) : whole, index, index + whole.length - 1);
  };

/** C, Python, shells (`\0123`), Perl (`\o{123}`). */
const octal = {
  pattern: /\\o\{0*([0-7]{1,7})\}|\\0([0-3][0-7]{2})|\\([0-3]?[0-7]{1,2})/g,
  write: inBase(8),
  cut: /\\(?:o\{?)?[0-7]{0,8}$/,
};

/** https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point */
const css = { pattern: /\\([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?/gi, write: inBase(16), cut: /\\[0-9a-f]{0,6}$/i };

/** RFC 4514, 2.4 and RFC 4515, 3. */
const ldap = { pattern: /\\([0-9a-f]{2})/gi, write: inBase(16), cut: /\\[0-9a-f]?$/i };

/** Python and Go. */
const long = { pattern: /\\U([0-9a-fA-F]{8})/g, write: inBase(16), cut: /\\(?:U[0-9a-fA-F]{0,7})?$/ };

/**
 * RFC 2045, 6.7; a line that ends with `=` goes on. Words of headers (RFC 2047) are written in it as well. An encoder that
 * counts characters also breaks lines within an escape, and readers join them.
 */
const quotedPrintable = {
  pattern: /=(?:=[ \t]*\r?\n)?([0-9a-f])(?:=[ \t]*\r?\n)?([0-9a-f])|=[ \t]*\r?\n/gi,
  write: (out: Writer, { 0: whole, 1: high, 2: low, index }: RegExpExecArray) => {
    if (high && low) out.write(String.fromCharCode(Number.parseInt(high + low, 16)), index, index + whole.length - 1);
  },
  cut: /=(?:[0-9a-f]|[ \t]*\r?)?$/i,
};

const families = [octal, css, ldap, long, quotedPrintable];

export const rarelyUnescaped = (source: Reading): Reading[] => families.flatMap((family) => rewritten(source, family));
