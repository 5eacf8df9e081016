/** The failures of the last `npm test`, and the number of passed tests: the end of `.ci/run`. */
import { showResults } from './lib/tests.ts';
import { argumentsOf } from './lib/usage.ts';

argumentsOf({ command: 'node .scripts/run.mjs test-results', does: 'Shows what failed in the last npm test.' });
showResults();
