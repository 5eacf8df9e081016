/** `npm run verify`: format, lint with the layer rules, types, tests. `--no-tests` leaves the tests out. */
import { ensureChromium, ensureFirefox } from './lib/browsers.ts';
import { inRoot, tools } from './lib/paths.ts';
import { runSteps, type Step } from './lib/steps.ts';
import { runTests } from './lib/tests.ts';
import { argumentsOf } from './lib/usage.ts';

const typesOf = (name: string, ...args: string[]): Step => ({ name: `types: ${name}`, script: tools.tsc, args });

const steps: Step[] = [
  {
    name: 'format and lint',
    script: tools.biome,
    args: ['check', '--config-path=.biome.json', '--error-on-warnings', '.'],
  },
  {
    name: 'layers, and no import cycles',
    script: tools.dependencyCruiser,
    args: [
      '--config',
      '.dependency-cruiser.mjs',
      'worker',
      'web/src',
      'web/functions',
      'web/serviceWorker',
      '.scripts',
    ],
  },
  { name: 'environment types match wrangler.toml', script: inRoot('.scripts/env-types.ts'), args: [] },
  typesOf('worker', '-p', 'tsconfig.json'),
  typesOf('domain, without any platform', '-p', 'worker/domain/tsconfig.json'),
  // In one go: both build the declarations of the worker.
  typesOf('dashboard and service worker', '-b', 'web', 'web/serviceWorker'),
  typesOf('Pages Functions', '-p', 'web/functions/tsconfig.json'),
  typesOf('tests', '-p', 'test/tsconfig.json'),
  typesOf('scripts', '-p', '.scripts/tsconfig.json'),
];

const { options } = argumentsOf({
  command: 'npm run verify',
  does: 'Checks format, lint with the layer rules, types, and runs all tests.',
  options: { 'no-tests': 'leaves the tests out' },
});
const isSound = await runSteps(steps);
if (!isSound) process.exitCode = 1;
else if (!options.has('no-tests')) {
  process.env.CHROMIUM = ensureChromium();
  process.env.FIREFOX = ensureFirefox() ?? '';
  process.exitCode = await runTests([]);
}
