import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A website to watch, which does as its address says: `/status/503`, `/delay/200`, `/hang` (until `/release`), `/reset`,
 * `/switch/NAME` (as the last `?status=503` said),
 * `/redirect/3` (three hops), `/redirect-to?url=…&status=307`, `/loop`, `/body/TEXT`, `/answer?status=530&body=…`,
 * `/chunks/BASE64,BASE64` (each sent on its own), `/large/BYTES`, `/drip` (headers at once, then a byte now and then for
 * ever), `/echo` (method, headers and body as JSON); everything else answers 200 "ok".
 * `GET /in-flight?key=K` tells how many requests with `?key=K` are open now and were at most, and how many bytes
 * `/large` could send; `/requests?key=K` when each came.
 */
export const startTarget = async (port = 0) => {
  const flights = new Map<string, Flight>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://target');
    const key = url.searchParams.get('key') ?? '';
    const flight = flights.get(key) ?? { now: 0, most: 0, bytes: 0, times: [] };
    flights.set(key, flight);
    if (url.pathname === '/in-flight')
      return json(response, { now: flight.now, most: flight.most, bytes: flight.bytes });
    if (url.pathname === '/requests') return json(response, flight.times);
    flight.times.push(Date.now());
    flight.most = Math.max(flight.most, ++flight.now);
    response.on('close', () => flight.now--);
    void answer(url, request, response, flight);
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { origin, stop };
};

/** What `/switch/NAME` answers: as `?status=` said last. */
const switches = new Map<string, number>();

/** Requests that hang, until somebody asks for `/release`. */
const held = new Set<ServerResponse>();

interface Flight {
  now: number;
  most: number;
  bytes: number;
  times: number[];
}

const answer = async (url: URL, request: IncomingMessage, response: ServerResponse, flight: Flight) => {
  const [, verb, argument = ''] = url.pathname.split('/');
  switch (verb) {
    case 'status':
      return response.writeHead(Number(argument)).end(`status ${argument}`);
    case 'delay':
      await new Promise((done) => setTimeout(done, Number(argument)));
      return response.writeHead(200).end('ok');
    case 'hang':
      return held.add(response);
    case 'release':
      for (const other of held) other.writeHead(200).end('released');
      held.clear();
      return response.writeHead(200).end();
    case 'reset':
      return request.socket.destroy();
    case 'switch':
      switches.set(argument, Number(url.searchParams.get('status') ?? switches.get(argument) ?? 200));
      return response.writeHead(switches.get(argument) ?? 200).end();
    case 'redirect':
      return Number(argument) > 0
        ? response.writeHead(302, { location: `/redirect/${Number(argument) - 1}${url.search}` }).end()
        : response.writeHead(200).end('arrived');
    case 'redirect-to':
      return response
        .writeHead(Number(url.searchParams.get('status') ?? 302), { location: url.searchParams.get('url') ?? '/' })
        .end();
    case 'loop':
      return response.writeHead(302, { location: url.pathname + url.search }).end();
    case 'answer':
      return answerWith(response, Number(url.searchParams.get('status')), url.searchParams.get('body') ?? '');
    case 'chunks':
      return writeChunks(response, decodeURIComponent(argument).split(','));
    case 'drip':
      return drip(response);
    case 'body':
      return response.writeHead(200).end(decodeURIComponent(argument));
    case 'large':
      return writeLarge(response, Number(argument), flight);
    case 'echo':
      return json(response, { method: request.method, headers: request.headers, body: await readBody(request) });
    default:
      return response.writeHead(200).end('ok');
  }
};

const answerWith = (response: ServerResponse, status: number, body: string) =>
  response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body);

/** Writes as fast as the reader takes it, so that a reader who stops early is seen to stop. */
const writeLarge = async (response: ServerResponse, bytes: number, flight: Flight) => {
  response.writeHead(200);
  response.setMaxListeners(0);
  const chunk = Buffer.alloc(64 * 1024, 'x');
  for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length) {
    flight.bytes = sent;
    if (!response.write(chunk)) await new Promise((done) => response.once('drain', done).once('close', done));
  }
  return response.end();
};

const writeChunks = async (response: ServerResponse, chunks: string[]) => {
  for (const chunk of chunks) {
    response.write(Buffer.from(chunk, 'base64'));
    await new Promise((done) => setTimeout(done, 20));
  }
  return response.end();
};

const drip = (response: ServerResponse) => {
  const timer = setInterval(() => response.write('.'), 50);
  response.on('close', () => clearInterval(timer));
};

const readBody = async (request: IncomingMessage) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
};

const json = (response: ServerResponse, value: unknown) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
