/** `npm run break -- REGION…`: makes all probes of these regions fail in the local copy that runs; without one, of none. */
import { resolve } from 'node:path';
import { breakRegions, regionNames } from './lib/faults.ts';
import { root } from './lib/paths.ts';
import { isRunning } from './lib/state.ts';
import { argumentsOf } from './lib/usage.ts';

const stop = (message: string): never => {
  console.error(message);
  process.exit(1);
};

const { operands: chosen } = argumentsOf({
  command: 'npm run break -- REGION…',
  does: 'Makes every probe from these regions fail in the local copy that runs (STATE_DIR). Without a region, none fails any more.',
  operands: `Regions: ${regionNames().join(', ')}.`,
});
const unknown = chosen.find((name) => !regionNames().includes(name));
if (unknown) stop(`There is no region "${unknown}". There are: ${regionNames().join(', ')}.`);
const stateDir = resolve(root, process.env.STATE_DIR || '.pharos/state');
if (!isRunning(stateDir)) stop(`Pharos does not run on ${stateDir}. Start it with npm start, or name its STATE_DIR.`);
breakRegions(stateDir, chosen);
console.log(
  chosen.length > 0
    ? `From now on every probe from ${chosen.join(', ')} fails. To mend: npm run break`
    : 'No region is broken any more.',
);
