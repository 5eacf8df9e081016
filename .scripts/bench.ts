/** `npm run bench -- pipeline`: runs test/bench/pipeline.ts, and so on. */
import { inRoot } from './lib/paths.ts';
import { show } from './lib/steps.ts';
import { argumentsOf } from './lib/usage.ts';

const names = ['pipeline', 'verdict', 'alerts', 'platform', 'free'];
const { operands } = argumentsOf({
  command: 'npm run bench -- NAME [NUMBERS…]',
  does: 'Runs a benchmark; its file in test/bench says what the numbers mean: `npm run bench -- pipeline 1000 0,200`.',
  operands: `Names: ${names.join(', ')}.`,
});
const [name = '', ...numbers] = operands;
const notNumber = numbers.find((one) => !/^(?:\d+(?:[.,]\d+)*|(?:calm|overload)(?:,(?:calm|overload))*)$/.test(one));
if (!names.includes(name)) {
  console.error(`${name ? `There is no benchmark "${name}"` : 'Name a benchmark'}. There are: ${names.join(', ')}.`);
  process.exitCode = 1;
} else if (notNumber !== undefined) {
  console.error(`"${notNumber}" is no number, nor numbers with commas between them.`);
  process.exitCode = 1;
} else process.exitCode = await show(inRoot(`test/bench/${name}.ts`), numbers);
