import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { BrokenOrigins } from './provided.ts';

/** Key of the two certificates below. It guards nothing: it was made for these tests and lies here in the open. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgI5q1TaCaz4niReGx
51CtBEs/B98dROp84YgwCTJvn6mhRANCAAQTqArx0lfnWXspNVyM+FEGfjnPq2mM
FGcf2QRtLzITZv4ax1W81wrJ0u3ze5TEKoZvSNF39qJKrq4Ci8afST/3
-----END PRIVATE KEY-----`;

/** For 127.0.0.1, signed by itself, valid until 2126. */
const selfSigned = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUJk1V8nljSaB2XqWpUFKSoMFkeGMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMTA0NDYxNVoYDzIxMjYxMDI4
MDQ0NjE1WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQTqArx0lfnWXspNVyM+FEGfjnPq2mMFGcf2QRtLzITZv4ax1W81wrJ
0u3ze5TEKoZvSNF39qJKrq4Ci8afST/3o28wbTAdBgNVHQ4EFgQUT2KKWafh8NK9
g4XA7P7ArYSlitswHwYDVR0jBBgwFoAUT2KKWafh8NK9g4XA7P7ArYSlitswDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZI
zj0EAwIDSAAwRQIgUG9RntwZeMSUyv88yc288UW5McWshqWDerFwHNTZv4oCIQDb
vn37iptOVvcMigbRVYQXdvP10ggxamhOa5qOmfynaQ==
-----END CERTIFICATE-----`;

/** For 127.0.0.1, signed by itself, valid in January 2020. */
const expired = `-----BEGIN CERTIFICATE-----
MIIBUjCB+qADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCTEyNy4wLjAu
MTAeFw0yMDAxMDEwMDAwMDBaFw0yMDAyMDEwMDAwMDBaMBQxEjAQBgNVBAMMCTEy
Ny4wLjAuMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBOoCvHSV+dZeyk1XIz4
UQZ+Oc+raYwUZx/ZBG0vMhNm/hrHVbzXCsnS7fN7lMQqhm9I0Xf2okqurgKLxp9J
P/ejPTA7MBoGA1UdEQQTMBGHBH8AAAGCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUT2KK
Wafh8NK9g4XA7P7ArYSlitswCgYIKoZIzj0EAwIDRwAwRAIgTQJUNBsI+VNXheCj
niX3n9P/o8tnFsdRS4u5ZnYYL5ACIGexRuzwJZeDGEYVckFn6EvAkWAl6GzUcHXi
7PRBFixq
-----END CERTIFICATE-----`;

const head = (lines: string) => `HTTP/1.1 200 OK\r\n${lines}\r\n\r\n`;

/** Servers on bare sockets that break the ways real ones do; each answers any request as its name says. */
const behaviours = {
  closes: (socket: Socket) => socket.destroy(),
  closesAfterRequest: (socket: Socket) => socket.once('data', () => socket.end()),
  resets: (socket: Socket) => socket.once('data', () => socket.resetAndDestroy()),
  garbage: (socket: Socket) => socket.end('this is not HTTP\r\n\r\n'),
  badStatus: (socket: Socket) => socket.end('HTTP/1.1 abc OK\r\n\r\n'),
  truncatedHeaders: (socket: Socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-le')),
  truncatedBody: (socket: Socket) => socket.once('data', () => socket.end(`${head('content-length: 100')}only this`)),
  truncatedChunk: (socket: Socket) =>
    socket.once('data', () => socket.end(`${head('transfer-encoding: chunked')}64\r\nonly this`)),
  folded: (socket: Socket) => socket.once('data', () => socket.end(`${head('x-a: b\r\n c\r\ncontent-length: 2')}ok`)),
  newerVersion: (socket: Socket) =>
    socket.once('data', () => socket.end('HTTP/1.2 200 OK\r\ncontent-length: 2\r\n\r\nok')),
  tlsBytes: (socket: Socket) => socket.once('data', () => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46]))),
  /** Keeps a connection open, and resets it when it is asked on it once more. */
  resetsKept: (socket: Socket) =>
    socket.once('data', () => {
      socket.write(`${head('content-length: 2')}ok`);
      socket.once('data', () => socket.resetAndDestroy());
    }),
  silent: () => undefined,
} satisfies Record<string, (socket: Socket) => unknown>;

/** Starts all of them on free ports. `refused` is a port on which nobody listens any more. */
export const startBrokenTargets = async () => {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const listen = async (server: Server, scheme: string) => {
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const https = (cert: string) => createHttpsServer({ key, cert }, (_, response) => response.end('ok'));

  const origins: Record<string, string> = {};
  for (const [name, behave] of Object.entries(behaviours)) origins[name] = await listen(createServer(behave), 'http');
  origins.silentTls = await listen(createServer(behaviours.silent), 'https');
  origins.selfSigned = await listen(https(selfSigned), 'https');
  origins.expired = await listen(https(expired), 'https');
  const gone = createServer();
  origins.refused = await listen(gone, 'http');
  await new Promise((done) => gone.close(done));

  const stop = () => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  };
  return { origins: origins as BrokenOrigins, stop };
};
