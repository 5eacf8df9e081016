import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Plan, Received, SmtpMail } from './provided.ts';
import { startSmtpServer } from './smtpServer.ts';

/**
 * Stands in for every vendor: takes a request, keeps it, and does what the plan in its address says.
 * `GET /<run>/received` tells what came in that run; `/<run>/mail` the mails of its SMTP server (test/smtpServer.ts).
 */
export const startReceiver = async () => {
  const received = new Map<string, Received[]>();
  const mails = new Map<string, SmtpMail[]>();
  const takeMail = (run: string, mail: SmtpMail) => void mails.set(run, [...(mails.get(run) ?? []), mail]);
  const [plain, startTls, tls] = await Promise.all(
    (['none', 'starttls', 'tls'] as const).map((security) => startSmtpServer(security, takeMail)),
  );
  const server = createServer((request, response) => {
    const [, run = '', plan = '', ...rest] = (request.url ?? '').split('/');
    if (plan === 'received') return json(response, received.get(run) ?? []);
    if (plan === 'mail') return json(response, mails.get(run) ?? []);
    return void take(request).then((body) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const entry = { method: request.method ?? '', path: `/${rest.join('/')}`, headers, body };
      received.set(run, [...(received.get(run) ?? []), entry]);
      carryOut(JSON.parse(Buffer.from(plan, 'base64url').toString()), request, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    await Promise.all([plain, startTls, tls].map((smtp) => smtp?.stop()));
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  const smtpPorts = { none: plain?.port ?? 0, starttls: startTls?.port ?? 0, tls: tls?.port ?? 0 };
  return { origin, smtpPorts, stop };
};

const take = async (request: IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('base64');
};

const carryOut = (
  { does, status = 200, headers = {}, body = '' }: Plan,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (does === 'hang') return;
  if (does === 'close') request.socket.destroy();
  else response.writeHead(status, headers).end(body);
};

const json = (response: ServerResponse, value: unknown) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
