import fc from 'fast-check';
import { inject } from 'vitest';

/** How often a property runs: `PROPERTY_RUNS=50 npm test -- --project domain` searches fifty times as many cases. */
export const runs = (count: number): number => count * inject('propertyRuns');

// Tests that others run must not fail by chance, so the cases are the same every time; a search takes new ones.
fc.configureGlobal({ numRuns: runs(100), seed: inject('propertySeed') });
