import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import type { MailTransport } from '../../../worker/alerts/mail/mail.ts';
import { sender } from '../../../worker/alerts/mail/send.ts';
import type { AlertMessage } from '../../../worker/alerts/message.ts';
import { send } from '../../../worker/alerts/send.ts';
import type { SmtpMail } from '../../provided.ts';
import { down, hostileNames, named, up } from './messages.ts';
import { context } from './vendors.ts';

let run = '';
let lines: string[] = [];
beforeEach(() => {
  run = crypto.randomUUID();
  lines = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation((...args) => void lines.push(args.join(' ')));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const smtp = (change: Partial<Extract<MailTransport, { kind: 'smtp' }>> = {}): MailTransport => ({
  kind: 'smtp',
  from: 'Pharos <alerts@pharos.test>',
  host: '127.0.0.1',
  port: inject('smtpPorts').none,
  security: 'none',
  username: 'pharos',
  password: 's3cretOfTheMailServer',
  ...change,
});

const rules = { allowPrivate: false, ownHosts: [] };
const mailTo = (does: string, mail: MailTransport | null, message: AlertMessage = down, timeoutMs = 20_000) =>
  send('email', { to: [`${does}.${run}@example.com`, `${does}.${run}@example.org`] }, message, 'dlv_1', {
    now: () => Date.now(),
    rules,
    context: { ...context, mail },
    timeoutMs,
  });

const mails = async (): Promise<SmtpMail[]> => (await fetch(`${inject('receiver')}/${run}/mail`)).json();

/** Quoted-printable without its line breaks, as far as these texts need it. */
const readable = (data: string) =>
  new TextDecoder().decode(
    Uint8Array.from(
      data.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
      (sign) => sign.charCodeAt(0),
    ),
  );

test('a mail goes out by SMTP as text and as HTML', async () => {
  expect(await mailTo('accept', smtp())).toMatchObject({ state: 'delivered', status: 250, problem: null });
  const [mail] = await mails();
  expect(mail).toMatchObject({
    from: 'alerts@pharos.test',
    to: [`accept.${run}@example.com`, `accept.${run}@example.org`],
    login: 'pharos:s3cretOfTheMailServer',
  });
  const data = readable(mail?.data ?? '');
  for (const expected of [
    /^From: Pharos <alerts@pharos\.test>\r$/m,
    /^Content-Type: multipart\/alternative;/m,
    /^Content-Type: text\/plain; charset=utf-8\r$/m,
    /^Content-Type: text\/html; charset=utf-8\r$/m,
    /^Auto-Submitted: auto-generated\r$/m,
    /Message-ID: <dlv_1@pharos\.test>\r$/m,
    /^References: <inc_4k2@pharos\.test>\r$/m,
    /Acknowledge: https:\/\/pharos\.test\/acknowledge/,
  ])
    expect(data).toMatch(expected);
});

test.each<[does: string, change: Parameters<typeof smtp>[0], state: string, status: number | null, says: RegExp]>([
  ['refuse', {}, 'permanent', 550, /refuses the mail/],
  ['refusedata', {}, 'permanent', 554, /refuses the mail/],
  ['greylist', {}, 'passing', 450, /asks to wait/],
  ['close', {}, 'passing', null, /connection/],
  ['hang', {}, 'passing', null, /in time/],
  ['accept', { password: 'wrong' }, 'permanent', 535, /user name and password/],
  ['accept', { security: 'starttls' }, 'permanent', 502, /no encryption/],
])('%s with %j is taken for what it is', async (does, change, state, status, says) => {
  const result = await mailTo(does, smtp(change), down, does === 'hang' ? 300 : 20_000);
  expect(result).toMatchObject({ state, status });
  expect(result.problem).toMatch(says);
  expect(await mails()).toEqual([]);
  expect(JSON.stringify(result) + lines.join('')).not.toMatch(/s3cretOfTheMailServer|:wrong/);
});

test.each(['starttls', 'tls'] as const)(
  'a mail goes out encrypted by %s, to a server whose certificate is good',
  async (security) => {
    const port = inject('smtpPorts')[security];
    const result = await mailTo('accept', smtp({ host: 'localhost', port, security }));
    expect(result).toMatchObject({ state: 'delivered', status: 250 });
    expect(await mails()).toMatchObject([{ login: 'pharos:s3cretOfTheMailServer' }]);
  },
);

test.each(['starttls', 'tls'] as const)(
  'by %s a server with the certificate of another name is told nothing',
  async (security) => {
    const port = inject('smtpPorts')[security];
    const result = await mailTo('accept', smtp({ host: '127.0.0.1', port, security }));
    expect(result).toMatchObject({ state: 'passing', problem: expect.stringContaining('connection') });
    expect(await mails()).toEqual([]);
  },
);

test('a mail that some are refused is delivered, and says who did not get it', async () => {
  const to = [`accept.${run}@example.com`, `refuse.${run}@example.com`];
  const result = await send('email', { to }, down, 'dlv_1', {
    now: () => Date.now(),
    rules,
    context: { ...context, mail: smtp() },
  });
  expect(result).toMatchObject({ state: 'delivered', answer: expect.stringContaining(`Not taken for refuse.${run}@`) });
  expect(await mails()).toHaveLength(1);
});

test.each(['refused', 'closes', 'garbage', 'silent'] as const)('a server that is %s is tried again', async (how) => {
  const port = Number(new URL(inject('broken')[how]).port);
  const result = await mailTo('accept', smtp({ port }), down, 500);
  expect(result).toMatchObject({ state: 'passing' });
});

test.each(hostileNames)('%s in names cannot leave the subject', async (_, name) => {
  expect(await mailTo('accept', smtp(), named(name))).toMatchObject({ state: 'delivered' });
  const [mail] = await mails();
  const [head = ''] = (mail?.data ?? '').split('\r\n\r\n');
  expect(head.match(/^Subject:/gm)).toHaveLength(1);
  expect(mail?.to).toHaveLength(2);
});

test('without a way to send mail the operator is asked for one', async () => {
  expect(await mailTo('accept', null)).toMatchObject({
    state: 'permanent',
    problem: expect.stringContaining('operator'),
  });
});

const binding = (send: SendEmail['send']): MailTransport => ({
  kind: 'cloudflare',
  from: '"Night watch" <alerts@pharos.test>',
  binding: { send },
});

test('a mail goes out by the binding of Cloudflare', async () => {
  const sent = vi.fn(async (_: unknown) => ({ messageId: '<1@cloudflare>' }));
  expect(await mailTo('accept', binding(sent as SendEmail['send']), up)).toMatchObject({
    state: 'delivered',
    answer: '<1@cloudflare>',
  });
  expect(sent).toHaveBeenCalledExactlyOnceWith({
    from: { name: 'Night watch', email: 'alerts@pharos.test' },
    to: [`accept.${run}@example.com`, `accept.${run}@example.org`],
    subject: '🟢 Recovered: Shop, after 12 minutes 5 seconds',
    text: expect.stringContaining('Lasted: 12 minutes 5 seconds'),
    html: expect.stringContaining('<table'),
    headers: expect.objectContaining({ references: '<inc_4k2@pharos.test>' }),
  });
});

test.each([
  ['E_RATE_LIMIT_EXCEEDED', 'passing'],
  ['E_INTERNAL_SERVER_ERROR', 'passing'],
  ['E_SENDER_NOT_VERIFIED', 'permanent'],
  ['E_RECIPIENT_SUPPRESSED', 'permanent'],
  [undefined, 'passing'],
])('what the binding throws with %s is %s', async (code, state) => {
  const refusing = binding(async () => {
    throw Object.assign(new Error('re_Secret0fResend is not for you'), { code });
  });
  const result = await mailTo('accept', refusing);
  expect(result).toMatchObject({ state, status: null });
});

test('a binding that does not answer is tried again', async () => {
  const result = await mailTo(
    'accept',
    binding(() => new Promise(() => undefined)),
    down,
    50,
  );
  expect(result).toMatchObject({ state: 'passing', problem: expect.stringContaining('in time') });
});

test.each([
  ['alerts@pharos.test', { name: 'Pharos', email: 'alerts@pharos.test' }],
  ['Night watch <a@b.test>', { name: 'Night watch', email: 'a@b.test' }],
  ['"Night, watch" <a@b.test>', { name: 'Night, watch', email: 'a@b.test' }],
])('the sender %s is read', (from, parts) => {
  expect(sender(from)).toEqual(parts);
});
