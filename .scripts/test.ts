/** `npm test`: all tests, or those that the arguments name, as vitest takes them: `npm test -- --project worker`. */
import { ensureChromium, ensureFirefox } from './lib/browsers.ts';
import { runTests } from './lib/tests.ts';
import { helpOf } from './lib/usage.ts';

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(
    helpOf({
      command: 'npm test -- [ARGUMENTS OF VITEST]',
      does: 'Runs all tests, or those that the arguments name: `npm test -- --project worker silence`.',
      operands:
        'Projects: domain, simulation, node, worker, browser, firefox. vitest refuses arguments that it does not know.',
    }),
  );
  process.exit(0);
}
const projects = args.flatMap((arg, i) =>
  arg === '--project' ? [args[i + 1]] : arg.startsWith('--project=') ? [arg.slice(10)] : [],
);
try {
  if (projects.length === 0 || projects.includes('browser')) process.env.CHROMIUM = ensureChromium();
  if (projects.length === 0 || projects.includes('firefox')) process.env.FIREFOX = ensureFirefox() ?? '';
  process.exitCode = await runTests(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
