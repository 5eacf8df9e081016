import { expect, test } from 'vitest';
import { failureSummary, type Results } from '../../../.scripts/lib/failures.ts';

const fileWith = (name: string, message: string, failed: [name: string, message: string][] = []) => ({
  name: `/checkout/test/${name}`,
  status: 'failed',
  message,
  assertionResults: [
    { fullName: 'passes', status: 'passed', failureMessages: [] },
    ...failed.map(([fullName, text]) => ({ fullName, status: 'failed', failureMessages: [text] })),
  ],
});
const results = (...testResults: Results['testResults']): Results => ({
  success: false,
  numPassedTests: 1,
  numFailedTests: 1,
  testResults,
});

test('a failed test is named with its error and its line, without the stack of packages', () => {
  const message =
    'expected 1 to be 2\n    at run (/checkout/node_modules/x.js:1:1)\n    at /checkout/test/node/one.test.ts:3:9';
  expect(failureSummary(results(fileWith('node/one.test.ts', '', [['counts', message]])))).toEqual([
    '✗ test/node/one.test.ts > counts',
    '    expected 1 to be 2',
    '    at /checkout/test/node/one.test.ts:3:9',
  ]);
});

test('for a file that did not start, the end of its error is shown, which holds the reason', () => {
  const output = Array.from({ length: 40 }, (_, i) => `warning ${i}`).join('\n');
  const summary = failureSummary(results(fileWith('browser/one.test.ts', `It ended with code 1.\n${output}\nin use`)));
  expect(summary[0]).toBe('✗ test/browser/one.test.ts');
  expect(summary[1]).toBe('    It ended with code 1.');
  expect(summary.at(-1)).toBe('    in use');
});

test('however many tests fail, the summary fits into the last 100 lines, and names come before errors', () => {
  const many = (count: number) =>
    results(
      fileWith(
        'node/many.test.ts',
        '',
        Array.from({ length: count }, (_, i) => [`test ${i}`, 'first line\nsecond line'] as [string, string]),
      ),
    );
  const fifty = failureSummary(many(50));
  expect(fifty.filter((line) => line.startsWith('✗'))).toHaveLength(50);
  expect(fifty.filter((line) => line === '    first line').length).toBeGreaterThan(10);
  const thousand = failureSummary(many(1_000));
  expect(thousand).toHaveLength(80);
  expect(thousand.at(-1)).toBe('… and 921 more');
});

test('where nothing failed, there is nothing to say', () => {
  expect(failureSummary(results({ ...fileWith('node/one.test.ts', ''), status: 'passed' }))).toEqual([]);
});
