import { expect, test } from 'vitest';
import { fitsSearch, foldText, searchTextOf, searchWords } from '../../../worker/domain/fields/searchText.ts';

test.each([
  ['MÜNCHEN', 'münchen'],
  ['Mu\u0308nchen', 'München'],
  ['Munchen', 'München'],
  ['STRASSE', 'Straße'],
  ['ŁÓDŹ', 'łódź'],
  ['lodz', 'Łódź'],
  ['SMØRREBRØD', 'smørrebrød'],
  ['Æther', 'aether'],
  ['İSTANBUL', 'istanbul'],
  ['ISPARTA', 'ısparta'],
  ['ΟΔΟΣ', 'οδός'],
  ['ЁЛКА', 'елка'],
  ['ｆｕｌｌ', 'FULL'],
  ['ﬁne', 'FINE'],
  ['TIẾNG VIỆT', 'tieng viet'],
])('%s and %s are one', (a, b) => {
  expect(foldText(a)).toBe(foldText(b));
});

test.each([
  ['की', 'का'],
  ['a^b', 'ab'],
  ['cafe', 'cave'],
])('%s and %s are two', (a, b) => {
  expect(foldText(a)).not.toBe(foldText(b));
});

test('folding twice changes nothing', () => {
  for (const text of ['ẞß', 'ΌΣΟΣ', 'ŉ', 'ǰ', 'İi', 'ﬃ', '①½', 'ƛ\u0301'])
    expect(foldText(foldText(text))).toBe(foldText(text));
});

test.each([
  ['shop münchen', true],
  ['MUNCHEN shop', true],
  ['  shop  ', true],
  ['', true],
  ['shop berlin', false],
])('a search for "%s" finds every word, in any order: %s', (search, fits) => {
  expect(fitsSearch(search, 'Shop', 'MÜNCHEN-Ost')).toBe(fits);
});

test('a word reaches from the name into the address of no monitor', () => {
  expect(searchTextOf({ name: 'Shöp', address: 'https://Example.com/' })).toBe('shop\nhttps://example.com/');
  expect(searchWords('a\nA b')).toEqual(['a', 'b']);
});
