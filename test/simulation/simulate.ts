/**
 * `npm run simulate -- FILE…`: replays scenarios (SIMULATION.md) and prints one JSON line for each. A file holds one
 * scenario or a list of them; a folder stands for all `.json` files in it. Ends with 1 where a file is no scenario.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { argumentsOf } from '../../.scripts/lib/usage.ts';
import { simulate } from './report.ts';
import { scenarioSchema } from './scenario.ts';

const filesOf = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(path, name))
    : [path];

const scenariosOf = (file: string) => {
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return (Array.isArray(read) ? read : [read]).map((one) => scenarioSchema.parse(one));
};

const messageOf = (error: unknown) =>
  error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);

const { operands: paths } = argumentsOf({
  command: 'npm run simulate -- FILE…',
  does: 'Replays scenarios (SIMULATION.md) and prints one JSON line for each.',
  operands: 'A file holds one scenario or a list of them; a folder stands for all .json files in it.',
});
if (paths.length === 0) {
  console.error('Which scenarios? npm run simulate -- FILE…');
  process.exitCode = 1;
}
for (const path of paths) {
  try {
    for (const file of filesOf(path))
      for (const scenario of scenariosOf(file)) console.log(JSON.stringify(simulate(scenario)));
  } catch (error) {
    console.error(`${path}: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
