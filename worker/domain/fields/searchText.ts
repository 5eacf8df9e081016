/** Letters that Unicode does not decompose although readers take them for variants of others. */
const variants: Record<string, string> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ς: 'σ',
};
const variant = new RegExp(`[${Object.keys(variants).join('')}]`, 'g');

/** Text as searches compare it, without case and accents: `MÜNCHEN`, `münchen` and `Munchen` are one. Storing it needs `searchTextOf`. */
export const foldText = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/(?=\p{M})\p{Diacritic}/gu, '')
    // By way of upper case, which alone makes `ß` the `ss` that it is in capitals, and `ı` an `i`.
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/(?=\p{M})\p{Diacritic}/gu, '')
    .replace(variant, (letter) => variants[letter] ?? letter);

/** The words of a search, folded, each once. */
export const searchWords = (search: string): string[] => [...new Set(foldText(search).split(/\s+/).filter(Boolean))];

/** Whether every word of the search is in one of the texts, in whatever order. */
export const fitsSearch = (search: string, ...texts: readonly string[]): boolean => {
  const folded = foldText(texts.join('\n'));
  return searchWords(search).every((word) => folded.includes(word));
};

/** What a search of monitors looks at. */
export const searchTextOf = ({ name, address }: { name: string; address: string }): string =>
  foldText(`${name}\n${address}`);
