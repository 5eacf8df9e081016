/** What failed in the last `npm test`, and how many tests passed: the end of `.ci/run`. */
import { showResults } from './lib/tests.ts';

showResults();
