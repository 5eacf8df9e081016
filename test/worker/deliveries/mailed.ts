import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { inject } from 'vitest';
import '../../../worker/alerts/mail/smtp.ts'; // before the first mail, whose time limit loading it would take otherwise
import { app } from '../../../worker/app.ts';
import { createServices } from '../../../worker/services.ts';
import type { SmtpMail } from '../../provided.ts';
import { createClient, newEmail, origin, password } from '../support/client.ts';

/** The worker with a real mail server behind it (test/smtpServer.ts). */
export const mailedEnv = {
  ...env,
  MAIL_FROM: 'Pharos <alerts@pharos.test>',
  SMTP_URL: `smtp+plain://127.0.0.1:${inject('smtpPorts').none}`,
} as unknown as Env;

export const mailedServices = createServices(mailedEnv);

/** Through the whole app, until all that it does after its answer is done. */
export const fetchMailed = async (request: Request, given: Env = mailedEnv): Promise<Response> => {
  const ctx = createExecutionContext();
  const response = await app.fetch(request, given, ctx);
  await waitOnExecutionContext(ctx);
  return response;
};

export const signUpMailed = async (email = newEmail(), given: Env = mailedEnv) => {
  const client = createClient(undefined, (request) => fetchMailed(request, given));
  const response = await client.post('/api/v1/auth/signup', { email, password });
  if (response.status !== 201) throw new Error(`Sign-up failed: ${response.status} ${await response.text()}`);
  return { ...client, email };
};

/** Addresses of one run, at which the mail server accepts everything. */
export const newRun = () => {
  const run = crypto.randomUUID();
  const mails = async (): Promise<SmtpMail[]> => (await fetch(`${inject('receiver')}/${run}/mail`)).json();
  return { run, addressOf: (name: string) => `accept.${run}@${name}.example.com`, mails };
};

/** Quoted-printable without its line breaks. */
export const readable = (data: string) =>
  new TextDecoder().decode(
    Uint8Array.from(
      data.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
      (sign) => sign.charCodeAt(0),
    ),
  );

/** Path of the page that a confirmation mail links to. */
export const confirmPathOf = (mail: SmtpMail | undefined): string => {
  const [, path] = readable(mail?.data ?? '').match(new RegExp(`${origin}(/confirm/[\\w-]{43})\\r?$`, 'm')) ?? [];
  if (!path) throw new Error('There is no link in the mail.');
  return path;
};
