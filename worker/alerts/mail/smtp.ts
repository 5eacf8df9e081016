import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Mask, shownAnswer } from '../answer.ts';
import type { Attempt } from '../send.ts';
import type { Mail, MailTransport } from './mail.ts';

type Smtp = Extract<MailTransport, { kind: 'smtp' }>;

/** What nodemailer says of a failure. */
interface SmtpError extends Error {
  code?: string;
  response?: string;
  responseCode?: number;
}

/**
 * Submits a mail by SMTP (RFC 6409), through nodemailer over the sockets of the runtime. A reply of 4xx is passing, of 5xx
 * permanent, as RFC 5321 section 4.2.1 says. Never throws.
 */
export const sendBySmtp = async (mail: Mail, smtp: Smtp, signal: AbortSignal, mask: Mask): Promise<Attempt> => {
  let connection: SMTPConnection | undefined;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('timeout')));
  });
  try {
    const submitted = submit(mail, smtp, (opened) => {
      connection = opened;
    });
    submitted.catch(() => undefined); // When time is up, how it ends is of no interest.
    const said = await Promise.race([submitted, aborted]);
    return { state: 'delivered', status: 250, problem: null, answer: shownAnswer(said, false, mask) };
  } catch (error) {
    return failure(error as SmtpError, signal, mask);
  } finally {
    connection?.close();
  }
};

const submit = async (
  { id, to, subject, text, html, headers }: Mail,
  smtp: Smtp,
  onOpen: (connection: SMTPConnection) => void,
): Promise<string> => {
  const composed = new MailComposer({ from: smtp.from, to, subject, text, html, headers, messageId: id }).compile();
  const message = await composed.build();
  const { from } = composed.getEnvelope();
  const connection = new SMTPConnection({
    // An open one: nodemailer would look up the name itself, and the certificate is checked for the name.
    connection: await open(smtp),
    host: smtp.host,
    secure: smtp.security === 'tls',
    secured: smtp.security === 'tls',
    requireTLS: smtp.security === 'starttls',
    ignoreTLS: smtp.security === 'none',
    name: 'pharos',
  });
  onOpen(connection);
  const failed = new Promise<never>((_, reject) => connection.once('error', reject));
  failed.catch(() => undefined);
  const ready = new Promise<void>((done) => connection.connect(() => done()));
  await Promise.race([ready, failed]);
  if (smtp.username) await called<true>((done) => connection.login({ user: smtp.username, pass: smtp.password }, done));
  const info = await called<{ response: string; rejected: string[] }>((done) =>
    connection.send({ from, to }, message, done),
  );
  connection.quit();
  // Sending again would reach those twice who have it, so who was refused is told and no more.
  const missed = info?.rejected.length ? `\nNot taken for ${info.rejected.join(', ')}.` : '';
  return `${info?.response ?? ''}${missed}`;
};

/** A connection to the server, with TLS where it begins with it. */
const open = ({ host, port, security }: Smtp) =>
  new Promise<Socket>((done, reject) => {
    const socket =
      security === 'tls'
        ? tls.connect({ host, port, servername: host }, () => done(socket))
        : net.connect({ host, port }, () => done(socket));
    socket.once('error', reject);
  });

const called = <T>(call: (done: (error: Error | null, value?: T) => void) => void) =>
  new Promise<T | undefined>((done, reject) => call((error, value) => (error ? reject(error) : done(value))));

const failure = ({ code, response, responseCode }: SmtpError, signal: AbortSignal, mask: Mask): Attempt => {
  const answer = shownAnswer(response ?? '', false, mask);
  const status = responseCode ?? null;
  if (signal.aborted) return { state: 'passing', status, problem: 'The mail server did not answer in time.', answer };
  if (code === 'ETLS')
    return { state: 'permanent', status, problem: 'The mail server offers no encryption (STARTTLS).', answer };
  if (status === null || status < 400)
    return { state: 'passing', status, problem: 'The connection to the mail server failed.', answer };
  if (status < 500) return { state: 'passing', status, problem: `The mail server asks to wait (${status}).`, answer };
  const problem =
    code === 'EAUTH'
      ? `The mail server refuses user name and password (${status}).`
      : `The mail server refuses the mail (${status}).`;
  return { state: 'permanent', status, problem, answer };
};
