import { existsSync, readFileSync, rmSync } from 'node:fs';
import { failureSummary, type Results } from './failures.ts';
import { inRoot, tools } from './paths.ts';
import { show } from './steps.ts';

/** Where vitest writes its results as JSON. */
const resultsFile = inRoot('.pharos/test-results.json');

/** Writes what failed in the last run, and how many tests passed; a log is read from its end. */
export const showResults = (hasFailed = false) => {
  if (!existsSync(resultsFile)) return console.log('The tests ended without results.');
  const results = JSON.parse(readFileSync(resultsFile, 'utf8')) as Results;
  const summary = failureSummary(results);
  for (const line of summary) console.log(line);
  if (summary.length === 0 && (hasFailed || !results.success))
    console.log('The run failed outside of a test; search the output for "Unhandled" and "FAIL".');
  console.log(`${results.numPassedTests} passed, ${results.numFailedTests} failed`);
};

/** Runs vitest once, with its usual report, and what failed once more at the end; resolves with its exit code. */
export const runTests = async (args: string[]) => {
  rmSync(resultsFile, { force: true });
  const code = await show(
    tools.vitest,
    [
      ...['run', '--config', 'test/vitest.config.ts'],
      '--silent=passed-only',
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`],
      ...args,
    ],
    {
      ...process.env,
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_SEND_ERROR_REPORTS: 'false',
    },
  );
  if (code !== 0) showResults(true);
  return code;
};
