import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runWranglerWith } from '../../../.scripts/lib/account.ts';
import { inRoot, root } from '../../../.scripts/lib/paths.ts';
import type { Output } from '../../../.scripts/lib/steps.ts';
import type { Asked } from './wranglerHost.ts';

/** Where the process of a test that keeps wrangler loaded listens. */
const variable = 'LOADED_WRANGLER';

const answer = async (host: ChildProcess, socket: Socket) => {
  host.send(JSON.parse(await text(socket)) as Asked);
  const heard = new AbortController();
  const until = { signal: heard.signal };
  const [output] = (await Promise.race([once(host, 'message', until), once(host, 'exit', until)])) as [Output | number];
  heard.abort();
  if (typeof output !== 'object') throw new Error(`The process that runs wrangler ended with ${output}.`);
  socket.end(JSON.stringify(output));
};

/**
 * One process that runs wrangler for all commands of a test file, one after the other: loading it takes a second of CPU, and
 * a deployment runs it 20 times. Who has `environment` uses it by `useLoadedWrangler`. `folder`: for its socket.
 */
export const loadWrangler = async (folder: string) => {
  const host = fork(inRoot('test/node/scripts/wranglerHost.ts'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const path = join(folder, 'wrangler.sock');
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    void answer(host, socket).catch((error) => socket.destroy(error));
  });
  server.listen(path);
  await once(server, 'listening');
  const stop = async () => {
    server.close();
    if (host.exitCode !== null) return;
    host.kill();
    await once(host, 'exit');
  };
  return { environment: { [variable]: path }, stop };
};

/** From now on wrangler is run by the process of `loadWrangler`. */
export const useLoadedWrangler = () => {
  const path = process.env[variable] ?? '';
  runWranglerWith(async (args, cwd = root, environment = process.env) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.end(JSON.stringify({ args, cwd, environment } satisfies Asked));
    return JSON.parse(await text(socket)) as Output;
  });
};
