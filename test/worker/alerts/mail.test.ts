import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { ehloName, mailboxOf, mailDomain, messageId } from '../../../worker/alerts/mail/identity.ts';
import type { MailTransport } from '../../../worker/alerts/mail/mail.ts';
import type { AlertMessage } from '../../../worker/alerts/messages/message.ts';
import { send } from '../../../worker/alerts/outbox/send.ts';
import type { SendResult } from '../../../worker/alerts/outbox/sendResult.ts';
import type { Received, SmtpMail } from '../../provided.ts';
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
  ehlo: 'pharos.test',
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
  const [mail, other] = await mails();
  expect(mail).toMatchObject({
    ...{ ehlo: 'pharos.test', from: 'alerts@pharos.test', to: [`accept.${run}@example.com`] },
    login: 'pharos:s3cretOfTheMailServer',
  });
  expect(other).toMatchObject({ to: [`accept.${run}@example.org`] });
  for (const { data, to } of [mail, other].filter((one) => one !== undefined))
    expect(data.match(/^To: (.*)\r$/m)?.[1]).toBe(to[0]);
  const data = readable(mail?.data ?? '');
  for (const expected of [
    /^From: Pharos <alerts@pharos\.test>\r$/m,
    /^Content-Type: multipart\/alternative;/m,
    /^Content-Type: text\/plain; charset=utf-8\r$/m,
    /^Content-Type: text\/html; charset=utf-8\r$/m,
    /^Auto-Submitted: auto-generated\r$/m,
    /Message-ID: <[0-9a-f]{32}@pharos\.test>\r$/m,
    /^References: <inc_4k2@pharos\.test>\r$/m,
    /^In-Reply-To: <inc_4k2@pharos\.test>\r$/m,
    /Acknowledge: https:\/\/pharos\.test\/a\/0Ab3/,
  ])
    expect(data).toMatch(expected);
});

test.each<[does: string, change: Parameters<typeof smtp>[0], state: string, status: number | null, says: RegExp]>([
  ['refuse', {}, 'permanent', 550, /^The mailbox does not exist \(550 5\.1\.1\)\. Correct or remove the address\.$/],
  ['policy', {}, 'permanent', 550, /may not send to this address.*\(550 5\.7\.1\).*MAIL_FROM/],
  ['full', {}, 'permanent', 552, /mailbox is full \(552 5\.2\.2\)/],
  ['unauthenticated', {}, 'permanent', 530, /requires a user name and password.*SMTP_URL/],
  ['refusedata', {}, 'permanent', 554, /rejected the mail as spam.*\(554 5\.7\.1\)/],
  ['toolarge', {}, 'permanent', 552, /too large for the mail server/],
  ['deferdata', {}, 'transient', 451, /asks to wait/],
  ['dropdata', {}, 'transient', null, /connection/],
  ['greylist', {}, 'transient', 450, /asks to wait/],
  ['close', {}, 'transient', null, /connection/],
  ['hang', {}, 'transient', null, /in time/],
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
  'a mail is sent encrypted by %s, to a server with a valid certificate',
  async (security) => {
    const port = inject('smtpPorts')[security];
    const result = await mailTo('accept', smtp({ host: 'localhost', port, security }));
    expect(result).toMatchObject({ state: 'delivered', status: 250 });
    const login = 'pharos:s3cretOfTheMailServer';
    expect(await mails()).toMatchObject([{ login }, { login }]);
  },
);

test.each(['starttls', 'tls'] as const)(
  'by %s a server with the certificate of another name gets no data',
  async (security) => {
    const port = inject('smtpPorts')[security];
    const result = await mailTo('accept', smtp({ host: '127.0.0.1', port, security }));
    expect(result).toMatchObject({ state: 'transient', problem: expect.stringContaining('connection') });
    expect(await mails()).toEqual([]);
  },
);

const sendTo = (does: string[], change: Parameters<typeof smtp>[0] = {}, timeoutMs = 20_000) =>
  send('email', { to: does.map((one) => `${one}.${run}@example.com`) }, down, 'dlv_1', {
    now: () => Date.now(),
    rules,
    context: { ...context, mail: smtp(change) },
    timeoutMs,
  });
const statesOf = (result: SendResult) => result.recipients?.map(({ address, state }) => [address.split('.')[0], state]);

test('each recipient has a result of its own, and what is wrong is named with the address', async () => {
  const result = await sendTo(['accept', 'refuse', 'greylist']);
  expect(result).toMatchObject({ state: 'delivered', status: 250 });
  expect(statesOf(result)).toEqual([
    ['accept', 'delivered'],
    ['refuse', 'permanent'],
    ['greylist', 'transient'],
  ]);
  expect(result.problem).toBe(
    `refuse.${run}@example.com: The mailbox does not exist (550 5.1.1). Correct or remove the address. greylist.${run}@example.com: The mail server asks to wait (450 4.2.0).`,
  );
  expect(result.answer).toContain(`refuse.${run}@example.com: 550 5.1.1 no such user`);
  expect((await mails()).map(({ to }) => to)).toEqual([[`accept.${run}@example.com`]]);
});

test.each(['close', 'dropdata', 'refuse', 'refusedata', 'deferdata'])(
  'a recipient with %s costs those behind it nothing',
  async (does) => {
    const result = await sendTo([does, 'accept']);
    expect(statesOf(result)?.[1]).toEqual(['accept', 'delivered']);
    expect(statesOf(result)?.[0]?.[1]).not.toBe('delivered');
    expect(await mails()).toHaveLength(1);
  },
);

test('when time is up, those who have it are delivered and the others were not tried', async () => {
  const result = await sendTo(['accept', 'hang', 'once'], {}, 1_000);
  expect(statesOf(result)).toEqual([
    ['accept', 'delivered'],
    ['hang', 'transient'],
    ['once', 'transient'],
  ]);
  expect(result.recipients?.map(({ isUntried }) => isUntried ?? false)).toEqual([false, false, true]);
});

test.each([
  ['https://pharos.example.com', 'alerts@example.org', 'pharos.example.com'],
  ['http://localhost:8788', 'Pharos <alerts@example.org>', 'example.org'],
  ['http://127.0.0.1:8788', 'alerts@bücher.example', 'xn--bcher-kva.example'],
  ['http://[::1]:8788', 'alerts@localhost', null],
])('at %s, from %s, mail servers get the domain %s', (origin, from, domain) => {
  expect(mailDomain(origin, from)).toBe(domain);
  expect(ehloName(origin, from)).toBe(domain ?? '[127.0.0.1]');
});

/** RFC 5322, 3.6.4, with dot-atoms on both sides. */
const idForm = /^<[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)*>$/;

test.each(['dig_4k2:17', 'inc_a:down:0:1:chn_b', 'test:chn_a:17', ':a::b:', 'a%2Eb', 'confirm-x_-', 'ä"<>@ b'])(
  'the key %s becomes an id that is a dot-atom and no other’s',
  (key) => {
    const id = messageId(key, 'pharos.test');
    expect(id).toMatch(idForm);
    expect(messageId(`${key}:`, 'pharos.test')).not.toBe(id);
    expect(messageId(key, null)).toMatch(idForm);
  },
);

test.each(['refused', 'closes', 'garbage', 'silent'] as const)('a server that is %s is tried again', async (how) => {
  const port = Number(new URL(inject('broken')[how]).port);
  const result = await mailTo('accept', smtp({ port }), down, 500);
  expect(result).toMatchObject({ state: 'transient' });
});

test.each(hostileNames)('%s in names cannot leave the subject', async (_, name) => {
  expect(await mailTo('accept', smtp(), named(name))).toMatchObject({ state: 'delivered' });
  const [mail] = await mails();
  const [head = ''] = (mail?.data ?? '').split('\r\n\r\n');
  expect(head.match(/^Subject:/gm)).toHaveLength(1);
  expect(mail?.to).toHaveLength(1);
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
    answer: expect.stringContaining('<1@cloudflare>'),
  });
  expect(sent).toHaveBeenCalledTimes(2);
  expect(sent).toHaveBeenCalledWith({
    from: { name: 'Night watch', email: 'alerts@pharos.test' },
    to: `accept.${run}@example.com`,
    subject: '🟢 Recovered: Shop, after 12 minutes 5 seconds',
    text: expect.stringContaining('Lasted: 12 minutes 5 seconds'),
    html: expect.stringContaining('<table'),
    headers: expect.objectContaining({ references: '<inc_4k2@pharos.test>' }),
  });
});

test.each([
  ['E_RATE_LIMIT_EXCEEDED', 'transient', /rate limit is reached \(E_RATE_LIMIT_EXCEEDED\)\.$/],
  ['E_DAILY_LIMIT_EXCEEDED', 'transient', /daily limit/],
  ['E_DELIVERY_FAILED', 'transient', /recipient’s mail server/],
  ['E_INTERNAL_SERVER_ERROR', 'transient', /internal error/],
  ['E_SENDER_NOT_VERIFIED', 'permanent', /onboard it under Email Sending, or change MAIL_FROM/],
  ['E_SENDER_DOMAIN_NOT_AVAILABLE', 'permanent', /onboard it under Email Sending/],
  ['E_RECIPIENT_NOT_ALLOWED', 'permanent', /verify the address/],
  ['E_RECIPIENT_SUPPRESSED', 'permanent', /suppression list/],
  ['E_HEADER_NOT_ALLOWED', 'permanent', /did not accept the mail \(E_HEADER_NOT_ALLOWED\)/],
  [undefined, 'transient', /did not accept the mail\.$/],
] as const)('what the binding throws with %s is %s', async (code, state, says) => {
  const refusing = binding(async () => {
    throw Object.assign(new Error('re_Secret0fResend is not for you'), { code });
  });
  const result = await mailTo('accept', refusing);
  expect(result).toMatchObject({ state, status: null });
  expect(result.problem).toMatch(says);
});

test('by the binding one recipient who is refused keeps the mail from nobody else', async () => {
  const result = await mailTo(
    'accept',
    binding(async (message: unknown) => {
      const { to } = message as { to: string };
      if (to.endsWith('.org')) throw Object.assign(new Error('suppressed'), { code: 'E_RECIPIENT_SUPPRESSED' });
      return { messageId: '<1@cloudflare>' };
    }),
  );
  expect(result).toMatchObject({
    state: 'delivered',
    problem: expect.stringMatching(/^accept\..*\.org: Cloudflare supp/),
  });
});

test('a binding that does not answer is tried again', async () => {
  const result = await mailTo(
    'accept',
    binding(() => new Promise(() => undefined)),
    down,
    50,
  );
  expect(result).toMatchObject({ state: 'transient', problem: expect.stringContaining('in time') });
});

test.each([
  ['alerts@pharos.test', { name: '', email: 'alerts@pharos.test' }],
  ['Night watch <a@b.test>', { name: 'Night watch', email: 'a@b.test' }],
  ['"Night, watch" <a@b.test>', { name: 'Night, watch', email: 'a@b.test' }],
])('the sender %s is read', (from, parts) => {
  expect(mailboxOf(from)).toEqual(parts);
});

const resend: MailTransport = { kind: 'resend', from: 'Pharos <alerts@example.com>', apiKey: 're_Secret0fResend' };
const receiverOf = (status: number, body: unknown) => {
  const plan = { does: 'answer', status, body: JSON.stringify(body) };
  const path = btoa(JSON.stringify(plan)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const received = async (): Promise<Received[]> => (await fetch(`${inject('receiver')}/${run}/received`)).json();
  return { baseUrl: `${inject('receiver')}/${run}/${path}`, received };
};
const byResend = (to: string[], baseUrl: string, mail: MailTransport = resend) =>
  send('email', { to }, down, 'dlv_1', { now: () => Date.now(), rules, context: { ...context, mail }, baseUrl });

test.each<[status: number, name: string, message: string, state: string, says: RegExp]>([
  [409, 'concurrent_idempotent_requests', 'in progress', 'transient', /still processing an earlier attempt/],
  [409, 'invalid_idempotent_request', 'another payload', 'permanent', /does not send it again/],
  [409, 'something_new', 'conflict', 'transient', /conflict/],
  [
    ...([403, 'validation_error', 'The example.com domain is not verified. Please, add and verify it'] as const),
    ...([
      'permanent',
      /^The domain example\.com is not verified at Resend.*under Domains, or change MAIL_FROM\.$/,
    ] as const),
  ],
  [
    403,
    'validation_error',
    'You can only send testing emails to your own',
    'permanent',
    /Until a domain .* account’s owner/,
  ],
  [403, 'invalid_api_key', 'API key is invalid', 'permanent', /API key.*RESEND_API_KEY/],
  [401, 'validation_error', 'API key is invalid', 'permanent', /RESEND_API_KEY/],
  [422, 'invalid_from_address', 'Invalid from', 'permanent', /correct MAIL_FROM/],
  [422, 'validation_error', 'Invalid `to` field', 'permanent', /Invalid `to` field\.$/],
  [429, 'rate_limit_exceeded', 'Too many requests', 'transient', /no more requests/],
  [429, 'daily_quota_exceeded', 'quota', 'transient', /daily quota/],
  [500, 'internal_server_error', 'oops', 'transient', /internal error/],
])('Resend’s %s %s (%s) is %s', async (status, name, message, state, says) => {
  const { baseUrl } = receiverOf(status, { statusCode: status, name, message });
  const result = await byResend(['ada@example.com'], baseUrl);
  expect(result).toMatchObject({ state, status });
  expect(result.problem).toMatch(says);
});

test('by Resend several recipients are one request with a mail for each, and one that is refused keeps back nobody', async () => {
  const answer = { data: [{ id: 'a' }], errors: [{ index: 1, message: 'Invalid `to` field' }] };
  const { baseUrl, received } = receiverOf(200, answer);
  const to = ['ada@example.com', 'bob@example.com'];
  const result = await byResend(to, baseUrl, { ...resend, replyTo: 'Ops <ops@example.com>' });
  expect(result.recipients?.map(({ state }) => state)).toEqual(['delivered', 'permanent']);
  expect(result.problem).toBe('bob@example.com: Resend rejected this recipient: Invalid `to` field.');
  const [request] = await received();
  expect(request?.path).toMatch(/\/emails\/batch$/);
  expect(request?.headers['x-batch-validation']).toBe('permissive');
  expect(JSON.parse(atob(request?.body ?? ''))).toMatchObject(
    to.map((address) => ({ to: [address], reply_to: 'Ops <ops@example.com>' })),
  );
});

test('a server that answers 200 and is not Resend delivers nothing', async () => {
  const { baseUrl } = receiverOf(200, 'Sign in to the network');
  expect(await byResend(['ada@example.com'], baseUrl)).toMatchObject({ state: 'transient' });
});
