/** A process that loads wrangler once and runs it as often as its parent asks, one command at a time (loadedWrangler.ts). */
import { readFileSync, realpathSync } from 'node:fs';
import Module from 'node:module';
import { dirname } from 'node:path';
import { inRoot } from '../../../.scripts/lib/paths.ts';
import type { Output } from '../../../.scripts/lib/steps.ts';

export interface Asked {
  args: string[];
  cwd: string;
  environment: NodeJS.ProcessEnv;
}

type Main = (args: string[]) => Promise<void>;

interface Loader extends Module {
  _compile(code: string, file: string): void;
}

/** The command line of the real wrangler, which does not export it. */
const loadWrangler = (): Main => {
  const file = realpathSync(inRoot('node_modules/wrangler/wrangler-dist/cli.js'));
  const module = new Module(file) as Loader;
  module.filename = file;
  module.paths = (Module as unknown as { _nodeModulePaths(folder: string): string[] })._nodeModulePaths(dirname(file));
  module._compile(`${readFileSync(file, 'utf8')}\nexports.main = main;`, file);
  return (module.exports as { main: Main }).main;
};

/** Keeps what is written to this stream; the function that it returns says what it was. */
const capture = (stream: NodeJS.WriteStream) => {
  let text = '';
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const written = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    if (written) process.nextTick(written);
    return true;
  }) as typeof stream.write;
  return () => text;
};

let main: Main | undefined;

const run = async ({ args, cwd, environment }: Asked): Promise<Output> => {
  process.env = environment;
  process.chdir(cwd);
  process.exitCode = 0;
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  try {
    main ??= loadWrangler();
    await main(args);
  } catch {
    process.exitCode ||= 1;
  }
  return { code: Number(process.exitCode), stdout: stdout(), stderr: stderr() };
};

// wrangler closes the channel to its parent when a command is done.
process.disconnect = () => {};
process.on('disconnect', () => process.exit());
process.on('message', (asked: Asked) => void run(asked).then((output) => process.send?.(output)));
