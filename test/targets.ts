import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';

/**
 * A website to watch, which does as its address says: `/status/503`, `/delay/200`, `/hang/NAME` (until `/release/NAME`), `/reset`,
 * `/switch/NAME` (as the last `?status=503` said),
 * `/redirect/3` (three hops), `/redirect-to?url=…&status=307&cookie=…&delayMs=…`, `/loop`, `/cookie-wall` (a redirect to itself until its cookie comes), `/body/TEXT`, `/answer?status=530&body=…&headers=JSON`,
 * `/packed/gzip,br?as=GZIP&bytes=N&text=…&type=…` (N times "x" and the text, packed in this order, as the header `as`
 * says; `cut` leaves out the last bytes), `/bytes/BASE64?type=…`, `/chunks/BASE64,BASE64` (each sent on its own), `/large/BYTES`, `/drip` (headers at once, then a byte now and then for
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

/** Requests to `/hang/NAME`, by name, until somebody asks for `/release/NAME`: files of tests share these targets. */
const held = new Map<string, ServerResponse[]>();

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
    case 'marked':
      return response.writeHead(Number(argument), { 'pharos-origin': url.searchParams.get('origin') ?? '' }).end();
    case 'delay':
      await new Promise((done) => setTimeout(done, Number(argument)));
      return response.writeHead(200).end('ok');
    case 'hang':
      return held.set(argument, [...(held.get(argument) ?? []), response]);
    case 'release':
      for (const other of held.get(argument) ?? []) other.writeHead(200).end('released');
      held.delete(argument);
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
      await new Promise((done) => setTimeout(done, Number(url.searchParams.get('delayMs'))));
      return response
        .writeHead(Number(url.searchParams.get('status') ?? 302), {
          location: url.searchParams.get('url') ?? '/',
          'set-cookie': url.searchParams.getAll('cookie'),
        })
        .end();
    case 'cookie-wall':
      return request.headers.cookie === 'seen=1'
        ? response.writeHead(200).end('welcome')
        : response.writeHead(302, { location: url.pathname, 'set-cookie': 'seen=1' }).end();
    case 'loop':
      return response.writeHead(302, { location: url.pathname + url.search }).end();
    case 'answer':
      return answerWith(response, url.searchParams);
    case 'chunks':
      return writeChunks(response, decodeURIComponent(argument).split(','));
    case 'packed':
      return writePacked(response, argument.split(','), url.searchParams);
    case 'bytes':
      return response.writeHead(200, typed(url.searchParams)).end(Buffer.from(decodeURIComponent(argument), 'base64'));
    case 'drip':
      return drip(response, url.searchParams.get('as'), Number(url.searchParams.get('status') ?? 200));
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

const packings: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  'deflate-raw': zlib.deflateRawSync,
  br: (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }),
  zstd: zlib.zstdCompressSync,
  'zstd-frames': (bytes) => Buffer.concat([Buffer.from('first, '), bytes].map((part) => zlib.zstdCompressSync(part))),
  cut: (bytes) => bytes.subarray(0, -10),
  none: (bytes) => bytes,
};

const typed = (query: URLSearchParams) => (query.has('type') ? { 'content-type': query.get('type') ?? '' } : {});

/** What was packed last: large bodies are asked for more than once, and take this server's only thread. */
let packedLast: { as: string; packed: Buffer } = { as: '', packed: Buffer.alloc(0) };

const writePacked = (response: ServerResponse, names: string[], query: URLSearchParams) => {
  const bytes = Number(query.get('bytes') ?? 0);
  const text = query.get('text') ?? '';
  const as = JSON.stringify([names, bytes, text]);
  const pack = () =>
    names.reduce<Buffer>((packed, name) => packings[name]?.(packed) ?? packed, Buffer.from('x'.repeat(bytes) + text));
  if (packedLast.as !== as) packedLast = { as, packed: pack() };
  response.writeHead(200, { 'content-encoding': query.get('as') ?? '', ...typed(query) });
  return response.end(bytes + text.length === 0 ? undefined : packedLast.packed);
};

const answerWith = (response: ServerResponse, query: URLSearchParams) => {
  const body = query.get('body') ?? '';
  const headers = JSON.parse(query.get('headers') ?? '{}') as Record<string, string>;
  return response
    .writeHead(Number(query.get('status')), { 'content-length': Buffer.byteLength(body), ...headers })
    .end(body);
};

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

/** Packed, it begins as deflate does and adds blocks of nothing. */
const drip = (response: ServerResponse, as: string | null, status: number) => {
  if (as) response.writeHead(status, { 'content-encoding': as }).write(Buffer.from([0x78, 0x9c]));
  else response.writeHead(status);
  const timer = setInterval(() => response.write(as ? Buffer.from([0, 0, 0, 0xff, 0xff]) : '.'), 50);
  response.on('close', () => clearInterval(timer));
};

const readBody = async (request: IncomingMessage) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
};

const json = (response: ServerResponse, value: unknown) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
