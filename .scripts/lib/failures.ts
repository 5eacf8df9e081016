import { stripVTControlCharacters } from 'node:util';

/** The failures in vitest's JSON report. */
export interface Results {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

const linesPerFailure = 12;
const linesInAll = 80;

/** Stacks include packages; the first line in a test shows the location. */
const essence = (message: string) => {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const isStack = (line: string) => /^\s+at /.test(line);
  const where = lines.find((line) => isStack(line) && /\.test\.ts:\d/.test(line));
  const text = lines.filter((line) => !isStack(line));
  const half = linesPerFailure / 2;
  // A process that ended gives the reason at the end, an assertion at the beginning.
  const shown = text.length > linesPerFailure ? [...text.slice(0, half), '…', ...text.slice(-half)] : text;
  return [...shown, ...(where ? [where.trim()] : [])].map((line) => `    ${line.slice(0, 300)}`);
};

/**
 * The names of the tests and files that failed, each with its error, within 80 lines: when many failed, the errors of
 * the later ones are left out, then their names. Empty where none failed.
 */
export const failureSummary = ({ testResults }: Pick<Results, 'testResults'>): string[] => {
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(/^.*\/test\//, 'test/');
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [{ name: file, message }] : [];
    return failed.map((test) => ({ name: `${file} > ${test.fullName}`, message: test.failureMessages.join('\n') }));
  });
  const names = failures.slice(0, linesInAll - 1).map(({ name }) => [`✗ ${name}`]);
  let left = linesInAll - 1 - names.length;
  failures.slice(0, names.length).forEach(({ message }, i) => {
    const lines = essence(message);
    if (lines.length > left) return;
    left -= lines.length;
    names[i]?.push(...lines);
  });
  const more = failures.length - names.length;
  return [...names.flat(), ...(more > 0 ? [`… and ${more} more`] : [])];
};
