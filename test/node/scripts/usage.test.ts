import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inRoot } from '../../../.scripts/lib/paths.ts';
import { collect } from '../../../.scripts/lib/steps.ts';
import { parseGiven } from '../../../.scripts/lib/usage.ts';

const run = (script: string, args: string[]) => collect(inRoot(script), args, inRoot('.'), process.env);

/** Each with something that it does not know; vitest itself refuses what `npm test` does not know. */
const scripts: [script: string, command: string, wrong: string[]][] = [
  ['.scripts/start.ts', 'npm start', ['--port=1']],
  ['.scripts/start.ts', 'npm start', ['anything']],
  ['.scripts/break.ts', 'npm run break', ['--all']],
  ['.scripts/break.ts', 'npm run break', ['nowhere']],
  ['.scripts/bench.ts', 'npm run bench', ['nothing']],
  ['.scripts/bench.ts', 'npm run bench', ['verdict', 'many']],
  ['.scripts/bench.ts', 'npm run bench', ['verdict', '--fast']],
  ['.scripts/deploy.ts', 'npm run deploy', ['--dryrun']],
  ['.scripts/deploy.ts', 'npm run deploy', ['production']],
  ['.scripts/rotate-keys.ts', 'npm run rotate-keys', ['--deploy']],
  ['.scripts/verify.ts', 'npm run verify', ['--no-test']],
  ['.scripts/env-types.ts', 'npm run types', ['--check']],
  ['.scripts/test-results.ts', 'test-results', ['--all']],
  ['test/simulation/simulate.ts', 'npm run simulate', ['--all']],
];

test.each([...new Map(scripts.map(([script, command]) => [script, command])), ['.scripts/test.ts', 'npm test']])(
  '%s answers --help with its usage and does nothing else',
  async (script, command) => {
    const { code, stdout, stderr } = await run(script, ['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: /);
    expect(stdout).toContain(command);
  },
);

test.each(scripts)('%s (%s) refuses %j and names it', async (script, _, wrong) => {
  const { code, stdout, stderr } = await run(script, wrong);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(`"${wrong.at(-1)}"`);
});

test('every benchmark can be run by its name', async () => {
  const folder = inRoot('test/bench');
  const texts = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
  const names = texts.flatMap((text) => text.match(/^\/\*\*\s+\*? ?`npm run bench -- (\w+)/)?.[1] ?? []);
  const { stdout } = await run('.scripts/bench.ts', ['--help']);
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) expect(stdout).toContain(name);
});

describe('arguments', () => {
  const usage = { command: 'npm run it', does: 'Does it.', options: { fast: 'at once' } };
  test('are options that are known, and operands where the command takes some', () => {
    expect(parseGiven(usage, ['--fast'])).toEqual({ help: false, options: new Set(['fast']), operands: [] });
    expect(parseGiven({ ...usage, operands: 'Names.' }, ['a', '--fast', 'b'])).toEqual({
      ...{ help: false, options: new Set(['fast']), operands: ['a', 'b'] },
    });
  });
  test.each([['--fast=1'], ['-f'], ['--no-fast'], ['--slow', '--fast'], ['a'], ['--toString']])(
    '%s is a problem',
    (...args) => {
      expect(parseGiven(usage, args)).toHaveProperty('problem');
    },
  );
  test('--help wins over what is right', () => {
    expect(parseGiven(usage, ['--fast', '--help'])).toEqual({ help: true });
  });
});
