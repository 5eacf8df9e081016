import { expect, test } from 'vitest';
import { CharsetFinder } from '../../../worker/http/charset.ts';

const bytesOf = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

/** The encoding of `text` that arrives in pieces of `size` bytes, the part read until it was known, and the bytes searched. */
const find = (contentType: string, text: string, size: number) => {
  const finder = new CharsetFinder(contentType);
  for (let at = 0; at < text.length; at += size) {
    const found = finder.add(bytesOf(text.slice(at, at + size)), false);
    if (found) return { ...found, bytesSeen: finder.bytesSeen };
  }
  const found = finder.add(new Uint8Array(), true);
  return { charset: found?.charset, head: found?.head, bytesSeen: finder.bytesSeen };
};

const long = 'x'.repeat(2_000);
const texts: [string, string, string, string][] = [
  ['a byte order mark', 'text/html', `\u00ef\u00bb\u00bf${long}`, 'utf-8'],
  ['a header', 'text/html; charset=koi8-r', long, 'koi8-r'],
  ['a page that says nothing', 'text/html', long, 'utf-8'],
  ['a page that says it at its end', 'text/html', `${' '.repeat(900)}<meta charset=koi8-r>${long}`, 'koi8-r'],
  ['a page that is over soon', 'text/html', '<meta charset=koi8-r>', 'koi8-r'],
  ['a page of signs that end tags', 'text/html', `<a b="${'>'.repeat(2_000)}`, 'utf-8'],
  ['a document', 'application/xml', `<?xml version="1.0" encoding="koi8-r"?>${long}`, 'koi8-r'],
];

test.for(texts)('the encoding of %s is the same in pieces of any size', ([, contentType, text, label]) => {
  for (const size of [1, 2, 7, 100, 5_000])
    expect.soft(find(contentType, text, size).charset?.label, `${size} bytes`).toBe(label);
});

test.for(texts)('of %s nothing is lost', ([, contentType, text]) => {
  const { head } = find(contentType, text, 1);
  expect(head).toEqual(bytesOf(text).subarray(0, head?.length));
});

test.for(texts)('of %s little is looked at twice, however small the pieces', ([, contentType, text]) => {
  for (const size of [1, 7, 60, 100])
    expect.soft(find(contentType, text, size).bytesSeen, `${size} bytes`).toBeLessThanOrEqual(10 * 1_024);
});
