import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { RecipientResult } from '../../domain/delivery/recipientProgress.ts';
import { type Mask, shownAnswer } from '../outbox/answer.ts';
import { alike } from './attempt.ts';
import type { Mail, MailTransport } from './mail.ts';
import { explainReply, type SmtpStage } from './smtpReply.ts';

type Smtp = Extract<MailTransport, { kind: 'smtp' }>;

/** nodemailer's description of a failure. */
interface SmtpError extends Error {
  code?: string;
  response?: string;
  responseCode?: number;
  command?: string;
}

/**
 * Submits mails by SMTP (RFC 6409), through nodemailer over the sockets of the runtime: one after the other over one connection,
 * and over a new one where a recipient breaks it. Never throws.
 */
export const sendBySmtp = async (
  mails: readonly Mail[],
  smtp: Smtp,
  signal: AbortSignal,
  mask: Mask,
): Promise<RecipientResult[]> => {
  const results: RecipientResult[] = [];
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('timeout')));
  });
  aborted.catch(() => undefined);
  let left = [...mails];
  while (left.length > 0) {
    const session = new Session(smtp);
    try {
      await inTime(session.begin(), aborted);
    } catch (error) {
      // It would refuse the others as well.
      results.push(...alike(addressesOf(left), failure(error as SmtpError, 'session', signal, mask)));
      session.close();
      break;
    }
    left = await submitAll(left, session, results, { aborted, signal, mask });
    session.close();
    if (!signal.aborted) continue;
    const untried = { state: 'transient', status: null, problem: outOfTime, answer: '', isUntried: true } as const;
    results.push(...alike(addressesOf(left), untried));
    break;
  }
  return results;
};

const outOfTime = 'The mail server did not answer in time.';

const addressesOf = (mails: readonly Mail[]) => mails.map(({ to }) => to);

/** After the deadline, the result does not matter. */
const inTime = <T>(work: Promise<T>, aborted: Promise<never>): Promise<T> => {
  work.catch(() => undefined);
  return Promise.race([work, aborted]);
};

interface Limits {
  aborted: Promise<never>;
  signal: AbortSignal;
  mask: Mask;
}

/** Sends until a mail makes the connection unusable; returns the mails that were not tried. */
const submitAll = async (
  mails: readonly Mail[],
  session: Session,
  results: RecipientResult[],
  { aborted, signal, mask }: Limits,
): Promise<Mail[]> => {
  for (const [i, mail] of mails.entries()) {
    try {
      const said = await inTime(session.submit(mail), aborted);
      const answer = shownAnswer(said, false, mask);
      results.push({ address: mail.to, state: 'delivered', status: 250, problem: null, answer });
    } catch (error) {
      results.push({ address: mail.to, ...failure(error as SmtpError, stageOf(error as SmtpError), signal, mask) });
    }
    const isLast = i === mails.length - 1;
    const goesOn = !isLast && !signal.aborted && (await inTime(session.reset(), aborted).catch(() => false));
    if (!goesOn) return mails.slice(i + 1);
  }
  return [];
};

/** One connection to the server. */
class Session {
  readonly #smtp: Smtp;
  #connection: SMTPConnection | undefined;
  #failed: Promise<never> = new Promise(() => undefined);
  #isClosed = false;

  constructor(smtp: Smtp) {
    this.#smtp = smtp;
  }

  /** Greets, encrypts and authenticates. */
  async begin(): Promise<void> {
    const { host, security, username, password, ehlo } = this.#smtp;
    // An open socket: nodemailer would look up the name itself, and the certificate is checked for the name.
    const socket = await open(this.#smtp);
    if (this.#isClosed) return void socket.destroy();
    const connection = new SMTPConnection({
      connection: socket,
      host,
      secure: security === 'tls',
      secured: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      name: ehlo ?? '[127.0.0.1]',
    });
    this.#connection = connection;
    this.#failed = new Promise<never>((_, reject) => {
      connection.once('error', reject);
      connection.once('end', () => reject(new Error('The server closed the connection.')));
    });
    this.#failed.catch(() => undefined);
    await Promise.race([new Promise<void>((done) => connection.connect(() => done())), this.#failed]);
    if (username) await this.#call<true>((done) => connection.login({ user: username, pass: password }, done));
  }

  async submit({ id, to, subject, text, html, headers }: Mail): Promise<string> {
    const { from, replyTo } = this.#smtp;
    const composed = new MailComposer({
      ...{ from, to: [to], subject, text, html, headers, messageId: id },
      ...(replyTo && { replyTo }),
    }).compile();
    const message = await composed.build();
    const sent = await this.#call<{ response: string }>((done) =>
      this.#connection?.send({ from: composed.getEnvelope().from, to: [to] }, message, done),
    );
    return sent?.response ?? '';
  }

  /** Whether the connection can take another mail: a refused recipient leaves a mail begun. */
  async reset(): Promise<boolean> {
    await this.#call<true>((done) => this.#connection?.reset(done));
    return true;
  }

  close() {
    this.#isClosed = true;
    this.#connection?.quit();
    this.#connection?.close();
  }

  #call<T>(call: (done: (error: Error | null, value?: T) => void) => void): Promise<T | undefined> {
    const called = new Promise<T | undefined>((done, reject) =>
      call((error, value) => (error ? reject(error) : done(value))),
    );
    called.catch(() => undefined);
    return Promise.race([called, this.#failed]);
  }
}

/** A connection to the server, with TLS where it begins with it. */
const open = ({ host, port, security }: Smtp) =>
  new Promise<Socket>((done, reject) => {
    const socket =
      security === 'tls'
        ? tls.connect({ host, port, servername: host }, () => done(socket))
        : net.connect({ host, port }, () => done(socket));
    socket.once('error', reject);
  });

const stageOf = ({ command = '', code }: SmtpError): SmtpStage => {
  if (code === 'EAUTH') return 'login';
  if (command.startsWith('MAIL')) return 'sender';
  if (command.startsWith('RCPT')) return 'recipient';
  return command.startsWith('DATA') ? 'data' : 'session';
};

const failure = (
  { code, response, responseCode }: SmtpError,
  stage: SmtpStage,
  signal: AbortSignal,
  mask: Mask,
): Omit<RecipientResult, 'address'> => {
  const answer = shownAnswer(response ?? '', false, mask);
  const status = responseCode ?? null;
  if (signal.aborted) return { state: 'transient', status, problem: outOfTime, answer };
  if (code === 'ETLS')
    return { state: 'permanent', status, problem: 'The mail server offers no encryption (STARTTLS).', answer };
  if (status === null || status < 400)
    return { state: 'transient', status, problem: 'The connection to the mail server failed.', answer };
  return { status, ...explainReply(status, response ?? '', code === 'EAUTH' ? 'login' : stage), answer };
};
