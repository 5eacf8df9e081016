import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { SmtpMail } from './provided.ts';

/** The first word of a recipient says what happens to it, the second names the run: `greylist.RUN@…`. */
const replies: Record<string, string | null> = {
  accept: '250 ok',
  refuse: '550 5.1.1 no such user',
  policy: '550 5.7.1 relaying denied',
  full: '552 5.2.2 mailbox full',
  unauthenticated: '530 5.7.0 authentication required',
  greylist: '450 4.2.0 greylisted, try again later',
  hang: null,
};

/** The reply after the text of a mail to them; null cuts the connection. */
const endings: Record<string, string | null> = {
  refusedata: '554 5.7.1 this looks like spam',
  deferdata: '451 4.3.0 try again later',
  toolarge: '552 5.3.4 message too big',
  dropdata: null,
};

/** Recipients `once…` that were greylisted once, as real servers do it. */
const seen = new Set<string>();

const read = (name: string) => readFileSync(new URL(`./certificate/${name}.pem`, import.meta.url));
/** For the name `localhost` and for no address; test/vitest.config.ts has the runtime trust it. */
const certificate = () => ({ key: read('key'), cert: read('certificate') });

export type Security = 'none' | 'starttls' | 'tls';

/**
 * A mail server, encrypted after STARTTLS, from the first byte, or never. The password `wrong` is refused, and the recipients `accept`, `refuse`, `greylist`,
 * `hang`, `close`, `once` (greylisted the first time) and those of `endings` do as they say. `take` is given what was accepted.
 */
export const startSmtpServer = async (security: Security, take: (run: string, mail: SmtpMail) => void) => {
  const sockets = new Set<Socket>();
  const welcome = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.write('220 mail.test ESMTP\r\n');
    serve(socket, take, security === 'starttls');
  };
  const server = security === 'tls' ? createTlsServer(certificate(), welcome) : createServer(welcome);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  };
  return { port: (server.address() as AddressInfo).port, stop };
};

const serve = (socket: Socket, take: (run: string, mail: SmtpMail) => void, offersTls: boolean) => {
  let mail: SmtpMail = { ehlo: '', from: '', to: [], login: '', data: '' };
  let isData = false;
  let isBegun = false;
  const begin = (from = '') => {
    mail = { ...mail, from, to: [], data: '' };
    isBegun = from !== '';
  };
  const say = (line: string) => socket.write(`${line}\r\n`);
  const wordsOf = (address = '') => /^(\w+)\.([\w-]+)(?:\+[^@]*)?@/.exec(address) ?? [];
  const command = (line: string) => {
    const [verb = '', argument = ''] = line.split(/ (.*)/s);
    switch (verb.toUpperCase()) {
      case 'EHLO':
        mail.ehlo = argument;
        return say(offersTls ? '250-mail.test\r\n250 STARTTLS' : '250-mail.test\r\n250-8BITMIME\r\n250 AUTH PLAIN');
      case 'STARTTLS': {
        if (!offersTls) return say('502 what?');
        lines.close();
        socket.write('220 go ahead\r\n');
        const encrypted = new TLSSocket(socket, { isServer: true, ...certificate() });
        encrypted.on('error', () => socket.destroy());
        return serve(encrypted, take, false);
      }
      case 'AUTH': {
        mail.login = Buffer.from(argument.replace('PLAIN ', ''), 'base64').toString().slice(1).replace('\0', ':');
        return say(mail.login.endsWith(':wrong') ? `535 5.7.8 ${mail.login} is not welcome` : '235 ok');
      }
      case 'MAIL':
        if (isBegun) return say('503 5.5.1 nested MAIL command');
        begin(/<(.*?)>/.exec(argument)?.[1] ?? '');
        return say('250 ok');
      case 'RSET':
        begin();
        return say('250 ok');
      case 'RCPT': {
        const address = /<(.*?)>/.exec(argument)?.[1] ?? '';
        const [, does = ''] = wordsOf(address);
        if (does === 'close') return socket.destroy();
        const isNew = does === 'once' && !seen.has(address);
        seen.add(address);
        const reply = isNew ? replies.greylist : does in replies ? replies[does] : '250 ok';
        if (reply?.startsWith('2')) mail.to.push(address);
        return reply ? say(reply) : undefined;
      }
      case 'DATA':
        if (mail.to.length === 0) return say('503 5.5.1 no valid recipients');
        isData = true;
        return say('354 go ahead');
      case 'QUIT':
        return socket.end('221 bye\r\n');
      default:
        return say('502 what?');
    }
  };
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    if (!isData) return command(line);
    if (line !== '.') {
      mail.data += `${line.replace(/^\./, '')}\r\n`;
      return;
    }
    isData = false;
    const [, does, run = ''] = wordsOf(mail.to[0]);
    isBegun = false;
    if (does !== undefined && does in endings) {
      const ending = endings[does];
      return ending ? say(ending) : socket.destroy();
    }
    take(run, mail);
    return say('250 2.0.0 queued as 4k2');
  });
  // It passes on what fails in its socket.
  lines.on('error', () => undefined);
};
