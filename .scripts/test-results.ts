/** What failed in the last `npm test`, and how many tests passed: the end of `.ci/run`. */
import { showResults } from './lib/tests.ts';
import { argumentsOf } from './lib/usage.ts';

argumentsOf({ command: 'node .scripts/run.mjs test-results', does: 'Shows what failed in the last npm test.' });
showResults();
