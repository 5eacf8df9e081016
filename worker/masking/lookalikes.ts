import { type Reading, rewritten, type Writer } from './reading.ts';

const isOdd = /[^\0-\x7f]/;

/** Full-width and other forms of ordinary letters, and letters that are written apart from their accents. */
const forms = {
  pattern: /[^\0-\x7f]\p{M}{0,8}|[\0-\x7f]\p{M}{1,8}/gu,
  write: (out: Writer, { 0: whole, index }: RegExpExecArray) => {
    const plain = whole.normalize('NFKC');
    if (plain === whole) out.copy(index, index + whole.length);
    else out.write(plain, index, index + whole.length - 1);
  },
};

/** What is not seen, and so can stand between all others. */
const invisible = { pattern: /\p{Default_Ignorable_Code_Point}+/gu, write: () => {} };

/** UTF-16 and UTF-32 of Latin letters, read byte by byte. */
const nulls = { pattern: /\0+/g, write: () => {} };

/** What colours, breaks or indents a text without being part of it: tags, and line breaks. */
const layout = { pattern: /<\/?[a-z!][^<>]{0,300}>|\r?\n[ \t]*/gi, write: () => {} };

/** As a person would read it. */
export const plainly = (source: Reading): Reading[] => [
  ...(source.isBytes ? [] : rewritten(source, layout)),
  ...(source.text.includes('\0') ? rewritten(source, nulls) : []),
  ...(isOdd.test(source.text) && !source.isBytes
    ? [
        ...rewritten(source, invisible),
        ...(source.text.normalize('NFKC') === source.text ? [] : rewritten(source, forms)),
      ]
    : []),
];
