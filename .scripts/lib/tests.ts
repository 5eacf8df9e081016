import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { failureSummary, type Results } from './failures.ts';
import { inRoot, root, tools } from './paths.ts';
import { show } from './steps.ts';

/** The file of vitest's JSON results; a run of all tests has one file per part. */
const resultFiles = {
  named: inRoot('.pharos/test-results.json'),
  computing: inRoot('.pharos/test-results-computing.json'),
  browsers: inRoot('.pharos/test-results-browsers.json'),
};
type Part = keyof typeof resultFiles;

/** The parts of a run of all tests: CPU-bound ones beside ones that mostly wait for browsers. */
const parts = (): { part: Part; projects: string[] }[] => [
  { part: 'computing', projects: ['domain', 'simulation', 'node', 'worker'] },
  { part: 'browsers', projects: ['browser', ...(process.env.FIREFOX ? ['firefox'] : [])] },
];

const readResults = (): Results[] =>
  Object.values(resultFiles)
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Results);

/** Writes what failed in the last run, and how many tests passed; a log is read from its end. */
export const showResults = (hasFailed = false) => {
  const results = readResults();
  if (results.length === 0) return console.log('The tests ended without results.');
  const summary = failureSummary({ testResults: results.flatMap(({ testResults }) => testResults) });
  for (const line of summary) console.log(line);
  if (summary.length === 0 && (hasFailed || !results.every(({ success }) => success)))
    console.log('The run failed outside of a test; search the output for "Unhandled" and "FAIL".');
  const sum = (count: (one: Results) => number) => results.reduce((all, one) => all + count(one), 0);
  console.log(`${sum((one) => one.numPassedTests)} passed, ${sum((one) => one.numFailedTests)} failed`);
};

const argumentsFor = (part: Part, args: string[]) => [
  ...['run', '--config', 'test/vitest.config.ts', '--silent=passed-only'],
  ...['--reporter=default', '--reporter=json', `--outputFile.json=${resultFiles[part]}`],
  ...args,
];

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  // Tests start wrangler some fifty times; compiling it takes half a second.
  NODE_COMPILE_CACHE: inRoot('node_modules/.cache/compiled'),
});

/** Runs vitest beside another: its output goes to this terminal line by line. Resolves with its exit code. */
const runPart = (part: Part, projects: string[]): Promise<number> =>
  new Promise((resolve) => {
    const args = projects.flatMap((project) => ['--project', project]);
    const child = spawn(process.execPath, [tools.vitest, ...argumentsFor(part, args)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment(), ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) },
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const)
      createInterface({ input: from }).on('line', (line) => to.write(`${line}\n`));
    // A process that outlives it keeps the pipes open, so that the end of the output may not come.
    const closed = new Promise((close) => child.once('close', close));
    child.once('exit', (code) => void Promise.race([closed, delay(500)]).then(() => resolve(code ?? 1)));
  });

/** Runs all tests, or the given ones, and repeats the failures at the end; resolves with an exit code. */
export const runTests = async (args: string[]) => {
  for (const file of Object.values(resultFiles)) rmSync(file, { force: true });
  const codes =
    args.length === 0
      ? await Promise.all(parts().map(({ part, projects }) => runPart(part, projects)))
      : [await show(tools.vitest, argumentsFor('named', args), environment())];
  const code = codes.find((one) => one !== 0) ?? 0;
  if (code !== 0 || codes.length > 1) showResults(code !== 0);
  return code;
};
