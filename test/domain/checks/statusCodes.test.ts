import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStatusRanges, statusExpected } from '../../../worker/domain/checks/statusCodes.ts';

const anyCode = fc.integer({ min: 100, max: 599 });
const anySpace = fc.constantFrom('', ' ', '  ');

test.each([
  ['200', [[200, 200]]],
  ['200-399', [[200, 399]]],
  [
    ' 200 , 204,301 - 302 ',
    [
      [200, 200],
      [204, 204],
      [301, 302],
    ],
  ],
  ['100-599', [[100, 599]]],
])('reads %j', (text, ranges) => {
  expect(parseStatusRanges(text)).toEqual(ranges);
});

test.each([
  '',
  ' ',
  ',',
  '200,',
  '99',
  '600',
  '2xx',
  '300-200',
  '200-',
  '-200',
  '200-300-400',
  '200;300',
  '0200',
  '２００',
])('does not read %j', (text) => {
  expect(parseStatusRanges(text)).toBeNull();
});

test('the written codes are the expected codes, one by one', () => {
  const anyRange = fc.tuple(anyCode, anyCode).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  fc.assert(
    fc.property(fc.array(anyRange, { minLength: 1, maxLength: 5 }), anySpace, anyCode, (ranges, space, code) => {
      const text = ranges.map(([from, to]) => `${space}${from}${space}-${space}${to}${space}`).join(',');
      const parsed = parseStatusRanges(text);
      expect(parsed).toEqual(ranges);
      expect(statusExpected(parsed ?? [], code)).toBe(ranges.some(([from, to]) => from <= code && code <= to));
    }),
  );
});

test('never throws, for any input', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parsed = parseStatusRanges(text);
      for (const [from, to] of parsed ?? []) expect(100 <= from && from <= to && to <= 599).toBe(true);
    }),
  );
});
