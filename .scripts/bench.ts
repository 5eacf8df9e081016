/** `npm run bench -- pipeline`: runs test/bench/pipeline.ts, and so on. */
import { existsSync, readdirSync } from 'node:fs';
import { inRoot } from './lib/paths.ts';
import { show } from './lib/steps.ts';

const [name = '', ...args] = process.argv.slice(2);
const script = inRoot(`test/bench/${name}.ts`);
if (/^[\w-]+$/.test(name) && existsSync(script)) process.exitCode = await show(script, args);
else {
  const names = readdirSync(inRoot('test/bench')).map((file) => file.replace(/\.ts$/, ''));
  console.error(`Which benchmark? npm run bench -- <name>, from test/bench: ${names.join(', ')}`);
  process.exitCode = 1;
}
