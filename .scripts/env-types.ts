/**
 * Compares worker/env.d.ts with what wrangler generates from wrangler.toml now, and the tables of
 * worker/SETTINGS.md with worker/settings.ts; `--write` writes them instead.
 */
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { inRoot, tools } from './lib/paths.ts';
import { areTablesCurrent, writeTables } from './lib/settingsTables.ts';
import { collect } from './lib/steps.ts';
import { argumentsOf } from './lib/usage.ts';
import { quietEnvironment } from './lib/wrangler.ts';

const typesFile = 'worker/env.d.ts';
const flags = ['--include-runtime=false', '--strict-vars=false'];

/** `wrangler types --check` overlooks renamed settings, so the text is compared; its first lines hold a hash of paths. */
const meaning = (file: string) => readFileSync(file, 'utf8').split('\n').slice(2).join('\n');

const generate = async (directory: string) => {
  const output = await collect(tools.wrangler, ['types', ...flags, typesFile], directory, quietEnvironment());
  if (output.code !== 0) throw new Error(`wrangler types failed:\n${output.stdout}${output.stderr}`);
};

const check = async () => {
  const directory = inRoot(`.pharos/types-${process.pid}`);
  try {
    mkdirSync(`${directory}/worker`, { recursive: true });
    for (const file of ['wrangler.toml', 'worker/index.ts']) cpSync(inRoot(file), `${directory}/${file}`);
    await generate(directory);
    return meaning(`${directory}/${typesFile}`) === meaning(inRoot(typesFile));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const { options } = argumentsOf({
  command: 'npm run types',
  does: 'Writes worker/env.d.ts and the tables of worker/SETTINGS.md. npm run verify compares them.',
  options: { write: 'writes them (npm run types says so by itself); without it they are compared' },
});

if (options.has('write')) {
  await generate(inRoot('.'));
  writeTables();
} else {
  if (!(await check())) {
    console.error(`${typesFile} no longer fits wrangler.toml. Write it again: npm run types`);
    process.exitCode = 1;
  }
  if (!areTablesCurrent()) {
    console.error(
      'The tables of worker/SETTINGS.md no longer match worker/settings.ts. Write them again: npm run types',
    );
    process.exitCode = 1;
  }
}
