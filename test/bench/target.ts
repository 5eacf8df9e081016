/** The benchmark's target, in a process of its own so that its CPU is not counted: `/delay/50` answers after 50 ms, `/hang` never. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((request, response) => {
  if (request.url?.startsWith('/hang')) return;
  const delayMs = Number(request.url?.split('?')[0]?.split('/')[2] ?? 0);
  const answer = () => response.writeHead(200).end('ok');
  if (delayMs > 0) setTimeout(answer, delayMs);
  else answer();
});
// A round opens hundreds of connections at once: what does not fit waits for seconds to be tried again.
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
