import { entities } from './entities.ts';
import { type Reading, rewritten, type Writer } from './reading.ts';

const escaping =
  /\\[ux]\{0*([0-9a-f]{1,6})\}|[\\%]u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\(["'\\/bfnrt])|((?:%[0-9a-f]{2})+)|&#0*(\d{1,7});?|&#x0*([0-9a-f]{1,6});?|&([a-z]{2,31});/gi;

/** The beginning of an escape, where the text was cut in it. */
const cutEscape =
  /(?:\\(?:[ux]\{?[0-9a-f]{0,8}|x[0-9a-f]?)?|%(?:u[0-9a-f]{0,3}|[0-9a-f])?|&(?:#x?[0-9a-f]{0,30}|[a-z]{0,31}))$/i;

const simple: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const write = (out: Writer, found: RegExpExecArray) => {
  const [whole, braced, four, two, sign, percents, decimal, hex, name] = found;
  if (percents) return writeUtf8(out, percents, found.index);
  const last = found.index + whole.length - 1;
  const code = braced ?? four ?? two ?? hex;
  const point = code ? Number.parseInt(code, 16) : decimal ? Number(decimal) : entities.get(name ?? '');
  const isPoint = point !== undefined && point <= 0x10ffff;
  out.write(sign ? (simple[sign] ?? sign) : isPoint ? String.fromCodePoint(point) : whole, found.index, last);
};

/** With the escapes of JSON, addresses and HTML undone, all at once. */
export const unescaped = (source: Reading): Reading[] =>
  rewritten(source, { pattern: escaping, write, cut: cutEscape });

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
