import { inRoot, tools } from './paths.ts';
import { show } from './steps.ts';

/** Where vitest writes its results as JSON, for `.ci/run`. */
export const resultsFile = inRoot('.pharos/test-results.json');

/** Runs vitest once, with its usual report; resolves with its exit code. */
export const runTests = (args: string[]) =>
  show(
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
