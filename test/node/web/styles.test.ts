import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** Each page has its styles in a file of its own, so one that is opened first has only what it imports itself. */
const source = resolve(import.meta.dirname, '../../../web/src');
const textOf = (file: string) => readFileSync(file, 'utf8');

/** The file and all that it imports, at once or later. */
const reachedFrom = (file: string, known = new Set<string>()): Set<string> => {
  if (known.has(file)) return known;
  known.add(file);
  if (file.endsWith('.css')) return known;
  for (const [, path = ''] of textOf(file).matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)) {
    const imported = resolve(dirname(file), path);
    if (imported.startsWith(source)) reachedFrom(imported, known);
  }
  return known;
};

const sheets = globSync('**/*.css', { cwd: source }).map((name) => join(source, name));
const classesIn = new Map(
  sheets.map((sheet) => [sheet, new Set([...textOf(sheet).matchAll(/\.([a-z][\w-]*)/g)].map(([, name = '']) => name))]),
);
const isStyled = (name: string, within: Iterable<string>) =>
  [...within].some((sheet) => classesIn.get(sheet)?.has(name));

const usedIn = (file: string) =>
  [...textOf(file).matchAll(/\bclass="([^"]+)"/g)].flatMap(([, names = '']) => names.split(/\s+/));

/** The styles of every page: those of the frame, which imports no page but lazily. */
const frame = sheets.filter((sheet) => textOf(join(source, 'index.tsx')).includes(sheet.slice(source.length)));

test.for(globSync('features/*/pages/*.tsx', { cwd: source }))(
  '%s has the styles that it uses, also when it is opened first',
  (name) => {
    const reached = [...reachedFrom(join(source, name))];
    const missing = reached
      .filter((file) => file.endsWith('.tsx'))
      .flatMap((file) => usedIn(file).map((used) => ({ file: file.slice(source.length + 1), used })))
      .filter(({ used }) => isStyled(used, sheets) && !isStyled(used, [...frame, ...reached]));
    expect(missing).toEqual([]);
  },
);

/** Selector and property of each rule outside of @media and the like, where no parenthesis parts a list of selectors. */
const declared = (sheet: string): string[] => {
  const plain = textOf(sheet)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/@[^{;]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '');
  return [...plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors = '', body = '']) =>
    selectors
      .split(/,(?![^(]*\))/)
      .flatMap((selector) => [...body.matchAll(/([\w-]+)\s*:/g)].map(([, name]) => `${selector.trim()} { ${name} }`)),
  );
};

test('no two files style the same: a page that was seen before would change the appearance of another', () => {
  const filesOf = Map.groupBy(
    sheets.flatMap((sheet) => [...new Set(declared(sheet))].map((rule) => ({ rule, sheet }))),
    ({ rule }) => rule,
  );
  expect(filesOf.size).toBeGreaterThan(500);
  const twice = [...filesOf].filter(([, found]) => found.length > 1).map(([rule]) => rule);
  expect(twice).toEqual([]);
});
