import { fileURLToPath } from 'node:url';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { factsOf } from '../../../worker/alerts/messages/facts.ts';
import { linksOf } from '../../../worker/alerts/messages/links.ts';
import type { AlertMessage } from '../../../worker/alerts/messages/message.ts';
import { bodyText } from '../../../worker/alerts/messages/messageTexts.ts';
import { whyOf } from '../../../worker/alerts/messages/names.ts';
import { titleOf } from '../../../worker/alerts/messages/titles.ts';
import { parseEmailAddress, savedEmailAddress } from '../../../worker/domain/fields/emailAddress.ts';
import { startSmtpServer } from '../../smtpServer.ts';
import { acknowledged, channelFailing, digest, down, named, up } from '../../worker/alerts/messages.ts';

/** Without their types: those of the runtime do not go together with those of Node. */
const load = (path: string) => import(fileURLToPath(new URL(path, import.meta.url)));
const { send, sendLetter } = await load('../../../worker/alerts/outbox/send.ts');
const { confirmationMail } = await load('../../../worker/alerts/mail/confirmation.ts');

/** Mails as a real server takes them, read by two parsers that share no code. */

let server: Awaited<ReturnType<typeof startSmtpServer>>;
let taken: { to: string[]; data: string }[] = [];
beforeAll(async () => {
  server = await startSmtpServer('none', (_, mail) => void taken.push({ ...mail, data: mail.data }));
});
afterAll(() => server.stop());

const leaveUrl = `https://pharos.example.com/leave/${'Aa0_-'.repeat(24)}`;

const depsFor = (to: readonly string[]) => {
  const mail = {
    ...{ kind: 'smtp', from: 'Nachtwächter 🌙 <alerts@example.org>', replyTo: 'Ops, Team <ops@example.org>' },
    ...{
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      username: '',
      password: '',
      ehlo: 'pharos.example.com',
    },
  };
  const leaveUrls = new Map(to.map((address) => [address, leaveUrl]));
  return {
    now: () => Date.now(),
    rules: { allowPrivate: false, ownHosts: [] },
    context: { publicOrigin: 'https://pharos.example.com', mail, vapid: null, leaveUrls },
    timeoutMs: 20_000,
  };
};

/** The parts that both parsers read alike. */
const read = async (data: string) => {
  const bytes = Uint8Array.from(data, (sign) => sign.charCodeAt(0));
  const [one, other] = [await PostalMime.parse(bytes), await simpleParser(Buffer.from(bytes))];
  const lines = (text = '') => text.replaceAll('\r\n', '\n').trimEnd();
  const ids = (given: string | string[] | undefined) => [given ?? []].flat();
  const first = {
    ...{ subject: one.subject, from: one.from?.address, name: one.from?.name, to: one.to?.map((to) => to.address) },
    ...{ replyTo: one.replyTo?.map(({ address }) => address), id: one.messageId, references: ids(one.references) },
    ...{ inReplyTo: one.inReplyTo, text: lines(one.text), html: lines(one.html), attachments: one.attachments.length },
  };
  // One of them shows domains as people write them.
  const toOf = [other.to ?? []]
    .flat()
    .flatMap(({ value }) => value.map(({ address = '' }) => savedEmailAddress(address)));
  expect({
    ...{ subject: other.subject, from: other.from?.value[0]?.address, name: other.from?.value[0]?.name, to: toOf },
    ...{ replyTo: other.replyTo?.value.map(({ address }) => address), id: other.messageId },
    ...{ references: ids(other.references), inReplyTo: other.inReplyTo, text: lines(other.text) },
    ...{ html: lines(other.html || ''), attachments: other.attachments.length },
  }).toEqual(first);
  return { ...first, headers: new Map(one.headers.map(({ key, value }) => [key, value])), count: one.headers.length };
};

const mailOf = async (message: AlertMessage, to = ['accept.run@example.com'], key = 'dlv:1') => {
  taken = [];
  expect(await send('email', { to }, message, key, depsFor(to))).toMatchObject({ state: 'delivered', problem: null });
  expect(taken.map((mail) => mail.to)).toEqual(to.map((address) => [address]));
  return Promise.all(taken.map(({ data }) => read(data)));
};

const dotAtom = /^<[\w=-]+(\.[\w=-]+)*@pharos\.example\.com>$/;

/** The text of the page, as a person reads it. */
const textOf = (html: string) =>
  html
    .replace(/<style>.*?<\/style>|<title>.*?<\/title>/gs, '')
    .replace(/<br>/g, '\n')
    .replace(/<[^>]*>/g, '\n')
    .replace(
      /&(amp|lt|gt|quot|#39);/g,
      (entity) => ({ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" })[entity] ?? '',
    );

const hostile = [
  ['5,000 characters', 'Lang '.repeat(1_000)],
  ['5,000 characters without a blank', 'ä'.repeat(5_000)],
  ['emoji', '👩‍👩‍👧‍👦🔥🏳️‍🌈 '.repeat(20)],
  ['right to left', 'متجر الأزياء חנות'],
  ['overrides of direction', 'Shop \u202egnp.exe\u2066'],
  ['line breaks and headers', 'Shop\r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script>\n.\r\nQUIT'],
  ['lone surrogates', 'Shop \ud83d and \udd25'],
  ['markup', '<img src=https://evil.example/x.png onerror=alert(1)>&amp;"\''],
  ['encoded words', '=?utf-8?B?QmNjOiBldmVAZXhhbXBsZS5jb20=?='],
  ['boundaries and dots', '\n--_NmP-1-Part_1--\n.\n..\nFrom me'],
  ['zero bytes and tabs', 'Sh\u0000op\t\u0007\u2028\u2029'],
] as const;

test.each(hostile)(
  'with %s in a name both parsers read the same mail, and nothing of it is a header',
  async (_, name) => {
    const message = { ...named(name), teamName: name };
    const [mail] = await mailOf(message);
    if (!mail) throw new Error('There is no mail.');
    expect(mail).toMatchObject({
      ...{ from: 'alerts@example.org', name: 'Nachtwächter 🌙', to: ['accept.run@example.com'] },
      ...{ replyTo: ['ops@example.org'], attachments: 0 },
    });
    expect(mail.id).toMatch(dotAtom);
    expect([...mail.headers.keys()].toSorted()).toEqual(
      [
        ...[
          'auto-submitted',
          'content-type',
          'date',
          'from',
          'in-reply-to',
          'list-unsubscribe',
          'list-unsubscribe-post',
        ],
        ...['message-id', 'mime-version', 'references', 'reply-to', 'subject', 'to', 'x-pharos-delivery'],
      ].toSorted(),
    );
    expect(mail.count).toBe(mail.headers.size);
    expect(mail.headers.get('list-unsubscribe')?.replace(/\s/g, '')).toBe(`<${leaveUrl}>`);
    expect(mail.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(`${mail.subject}${mail.text}${mail.html}`.isWellFormed()).toBe(true);
    expect(mail.text).toContain(titleOf(message).toWellFormed());
    expect(mail.html).not.toMatch(/<(script|img|iframe|link|object)\b|url\(|<[^>]*\ssrc=/i);
    for (const { data } of taken)
      for (const line of data.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(998);
  },
);

test.each([
  ['down', down],
  ['up', up],
  ['acknowledged', acknowledged],
  ['digest', digest],
  ['channel failing', channelFailing],
] as [string, AlertMessage][])('the text and the page of %s say the same', async (_, message) => {
  const [mail] = await mailOf(message);
  const page = textOf(mail?.html ?? '').replace(/\s+/g, ' ');
  const text = (mail?.text ?? '').replace(/\s+/g, ' ');
  const said = [
    titleOf(message),
    whyOf(message),
    ...factsOf(message).flatMap(({ name, value }) => [name, ...value.split('\n')]),
  ];
  for (const one of said.filter((part) => part !== '')) {
    expect(page).toContain(one.replace(/\s+/g, ' '));
    expect(text).toContain(one.replace(/\s+/g, ' '));
  }
  for (const { label, url } of [...linksOf(message), { label: 'Stop these alerts', url: leaveUrl }]) {
    expect(mail?.text).toContain(`${label}: ${url}`);
    expect(mail?.html).toContain(`href="${url.replaceAll('&', '&amp;')}"`);
  }
  expect(bodyText(message)).not.toBe('');
});

test('a recovery belongs to the thread of its outage, and each mail of it has an id of its own', async () => {
  const to = ['accept.run@example.com', 'accept.run@example.org'];
  const [outage, other] = await mailOf(down, to, 'inc_4k2:down:0:0:chn_a');
  const [recovery] = await mailOf(up, to, 'inc_4k2:recovered:0:0:chn_a');
  const [again] = await mailOf(down, to, 'inc_4k2:down:0:0:chn_a');
  expect(recovery?.references).toEqual(outage?.references);
  expect(recovery?.inReplyTo).toBe(outage?.inReplyTo);
  expect(outage?.inReplyTo).toMatch(dotAtom);
  expect(new Set([outage?.id, other?.id, recovery?.id]).size).toBe(3);
  expect(again?.id).toBe(outage?.id);
});

test('very long addresses and domains in other scripts arrive as they are', async () => {
  const idn = parseEmailAddress('accept.run@bücher.example');
  const long = parseEmailAddress(
    `accept.run+${'x'.repeat(50)}@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(50)}.example`,
  );
  if (!('address' in idn && 'address' in long)) throw new Error('These are addresses.');
  const mails = await mailOf(down, [idn.address, long.address]);
  expect(mails.map(({ to }) => to?.[0])).toEqual(['accept.run@xn--bcher-kva.example', long.address]);
});

test.each(['ada@example.com\r\nBcc: eve@example.com', 'ada@example.com>, <eve@example.com', 'ada\u0000@example.com'])(
  'the address %j is sent nothing',
  async (address) => {
    taken = [];
    const result = await send('email', { to: [address] }, down, 'dlv:1', depsFor([address]));
    expect(result).toMatchObject({ state: 'permanent', problem: expect.stringContaining('no longer valid') });
    expect(taken).toEqual([]);
  },
);

test('a confirmation is a mail with an id, and no offer to leave', async () => {
  taken = [];
  const url = 'https://pharos.example.com/confirm/token';
  const letter = confirmationMail({
    ...{ to: 'accept.run@example.com', key: 'confirm-a_B-c', url, publicOrigin: 'https://pharos.example.com' },
    ...{ domain: 'pharos.example.com', until: 0 },
  });
  expect(await sendLetter(letter, 'confirm-a_B-c', depsFor([]))).toMatchObject({ state: 'delivered' });
  const mail = await read(taken[0]?.data ?? '');
  expect(mail.id).toMatch(dotAtom);
  expect(mail.headers.has('list-unsubscribe')).toBe(false);
  expect(mail.text).toContain(url);
  expect(mail.html).toContain(`href="${url}"`);
});
