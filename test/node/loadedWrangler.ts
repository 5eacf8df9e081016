import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { runWranglerWith } from '../../.scripts/lib/account.ts';
import { inRoot, root } from '../../.scripts/lib/paths.ts';
import type { Output } from '../../.scripts/lib/steps.ts';
import type { Asked } from './wranglerHost.ts';

let host: ChildProcess | undefined;

const ask = async (asked: Asked): Promise<Output> => {
  if (!host) {
    host = fork(inRoot('test/node/wranglerHost.ts'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    host.unref();
  }
  host.channel?.ref();
  host.send(asked);
  const heard = new AbortController();
  const until = { signal: heard.signal };
  const [output] = (await Promise.race([once(host, 'message', until), once(host, 'exit', until)])) as [Output | number];
  heard.abort();
  // Between two commands it holds nobody up.
  host.channel?.unref();
  if (typeof output !== 'object') throw new Error(`The process that runs wrangler ended with ${output}.`);
  return output;
};

/** From now on one process runs wrangler each time: loading it takes a second of CPU, and a deployment runs it 20 times. */
export const useLoadedWrangler = () =>
  runWranglerWith((args, cwd = root, environment = process.env) => ask({ args, cwd, environment }));
