import { type AddressInfo, createServer } from 'node:net';

/** A port that nobody listens on now. */
export const findFreePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

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

/** Throws where somebody listens on the port already; `variable` is what the person can set to another one. */
export const claimPort = async (port: number, variable: string) => {
  for (const host of ['127.0.0.1', '::1'])
    if (!(await isFree(port, host)))
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
