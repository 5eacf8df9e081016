import { createServer } from 'node:net';

const blocks = 2_000;
const blockSize = 10;
const firstPort = 12_000;
let next = 0;

/**
 * A port that nobody listens on now, and that stays free until a server that takes seconds to start listens on it: it
 * lies below those that systems give to connections and to servers on port 0, in a block that follows from the id of
 * this process. Throws where the whole block is in use.
 */
export const findFreePort = async () => {
  const block = firstPort + (process.pid % blocks) * blockSize;
  for (let tried = 0; tried < blockSize; tried++) {
    const port = block + (next++ % blockSize);
    if (await isFreeEverywhere(port)) return port;
  }
  throw new Error(`The ports ${block} to ${block + blockSize - 1} are all in use.`);
};

const isFree = (port: number, host: string) =>
  new Promise<boolean>((resolve, reject) => {
    const server = createServer();
    // A machine without IPv6 cannot listen there, and so nobody else does.
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE'
        ? resolve(false)
        : error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT'
          ? resolve(true)
          : reject(error),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });

const isFreeEverywhere = async (port: number) => (await isFree(port, '127.0.0.1')) && (await isFree(port, '::1'));

/** Throws where somebody listens on the port already; `variable` is what the person can set to another one. */
export const claimPort = async (port: number, variable: string) => {
  if (!(await isFreeEverywhere(port)))
    throw new Error(
      `Port ${port} is in use. Give Pharos another one, for example: ${variable}=${port + 100} npm start`,
    );
};

/** Reads a port from the environment. Throws where it is none. */
export const portFrom = (variable: string, otherwise: number) => {
  const text = process.env[variable]?.trim();
  if (!text) return otherwise;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${variable} is "${text}"; a port is a whole number from 1 to 65535.`);
  return port;
};
