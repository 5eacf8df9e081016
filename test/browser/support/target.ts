import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const failingHeaders = { 'content-type': 'text/html', 'set-cookie': 'visitor=very-secret' };

/**
 * A website that can be broken in the ways in which websites break: it answers an error, its port is closed, or it
 * takes the request and never answers.
 */
export const startBreakableTarget = async () => {
  let mode: 'well' | 'error' | 'hanging' = 'well';
  let server: Server | undefined;
  const held = new Set<ServerResponse>();

  const listen = (port: number) =>
    new Promise<number>((resolve) => {
      const opened = createServer((_, response) => {
        if (mode === 'hanging') return void held.add(response);
        if (mode === 'error') response.writeHead(500, failingHeaders).end('<h1 id="broken">Out of order</h1>');
        else response.writeHead(200).end(mode);
      });
      server = opened;
      opened.listen(port, '127.0.0.1', () => resolve((opened.address() as AddressInfo).port));
    });
  const close = async () => {
    const closing = server;
    server = undefined;
    if (!closing) return;
    const closed = new Promise((done) => closing.close(done));
    closing.closeAllConnections();
    await closed;
  };

  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}/`,
    answerError: () => {
      mode = 'error';
    },
    refuse: close,
    hang: () => {
      mode = 'hanging';
    },
    mend: async () => {
      mode = 'well';
      for (const response of held) response.end();
      held.clear();
      if (!server) await listen(port);
    },
    stop: close,
  };
};
