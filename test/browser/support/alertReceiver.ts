import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AlertRequest {
  headers: Record<string, unknown>;
  body: { event: string; title: string; acknowledgeUrl: string | null };
}

/** Takes webhooks, keeps them, and answers as configured. */
export const startAlertReceiver = async () => {
  const received: AlertRequest[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(status, { 'content-type': 'text/html' }).end('<b id="answered">well received</b>');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    of: (event: string) => received.filter(({ body }) => body.event === event),
    answer: (next: number) => {
      status = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
};
