import { expect, test } from 'vitest';
import { findingOf, type Look, referenceProblem, witnessesFor } from '../../../worker/domain/checks/references.ts';

const urls = [
  'https://a.example/',
  'https://b.example/',
  'https://c.example/',
  'https://d.example/',
  'https://e.example/',
];

/** `11010`: which of them answered. */
const look = (answered: string): Look => Object.fromEntries(urls.map((url, i) => [url, answered[i] === '1']));

test.each([
  ['all fail there and pass elsewhere', '00000', ['11111', '11111', '11111'], 'broken'],
  ['most fail there', '00011', ['11111', '11111'], 'broken'],
  ['few fail there', '00111', ['11111', '11111'], 'sound'],
  ['all pass there', '11111', ['11111', '11111'], 'sound'],
  ['they fail everywhere', '00000', ['00000', '00000', '00000'], 'inconclusive'],
  ['most fail everywhere', '00000', ['11000', '11000'], 'inconclusive'],
  ['three pass elsewhere and fail there', '00000', ['11100', '11100'], 'broken'],
  ['one of the witnesses is cut off as well', '00000', ['11111', '00000', '11111'], 'broken'],
  ['half of the witnesses are cut off as well', '00000', ['11111', '00000'], 'inconclusive'],
  ['only one other region could check', '00000', ['11111'], 'inconclusive'],
  ['no region could check there', null, ['11111', '11111'], 'inconclusive'],
])('the references are evaluated if %s', (_, here, elsewhere, says) => {
  expect(findingOf(urls, here === null ? null : look(here), elsewhere.map(look)).says).toBe(says);
});

test('counted checks appear in the report', () => {
  expect(findingOf(urls, look('00011'), [look('11111'), look('11111')])).toEqual({
    says: 'broken',
    failing: 3,
    references: 5,
  });
});

test('a check without a reference is no answer of that reference', () => {
  expect(findingOf(urls, {}, [look('11111'), look('11111')]).says).toBe('broken');
  expect(findingOf(urls, look('00000'), [{}, {}]).says).toBe('inconclusive');
  expect(findingOf([], {}, [{}, {}]).says).toBe('inconclusive');
});

test('witnesses are three others, the usual regions first, and none that is distrusted', () => {
  expect(witnessesFor('apac', [])).toEqual(['enam', 'weur', 'wnam']);
  expect(witnessesFor('apac', ['enam'])).toEqual(['weur', 'wnam', 'eeur']);
  expect(witnessesFor('oc', ['enam', 'weur', 'apac'])).toEqual(['wnam', 'eeur', 'apac-ne']);
});

test.each([
  [[], null],
  [urls.slice(0, 3), null],
  [urls.slice(0, 2), /at least 3/],
  [[...urls, 'https://f.example/', 'https://g.example/'], /more than 6/],
  [['https://a.example/', 'https://www.a.example/', 'https://b.example/'], /two addresses of one domain/],
  [['https://A.example./', 'https://a.example:8443/x', 'https://b.example/'], /two addresses of one domain/],
  [['https://xn--bcher-kva.example/', 'https://bücher.example/', 'https://b.example/'], /two addresses of one domain/],
  [['http://127.0.0.1/', 'http://2130706433/', 'https://b.example/'], /two addresses of one domain/],
])('a reference address is validated: %j', (given, problem) => {
  if (problem === null) expect(referenceProblem(given)).toBeNull();
  else expect(referenceProblem(given)).toMatch(problem);
});
