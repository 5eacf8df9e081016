import { describe, expect, test } from 'vitest';
import { formOf } from '../../../worker/alerts/channels/form.ts';
import { mergeSettings, openSettings, secretTexts, storeSettings } from '../../../worker/alerts/channels/secrets.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { type Keyring, keyringOf } from '../../../worker/crypto/keyring.ts';
import { type ChannelKind, channelKinds } from '../../../worker/domain/delivery/channelKind.ts';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { vendors } from './vendors.ts';

const rules = { allowPrivate: false, ownHosts: ['pharos.test', 'localhost:8788'] };

const problemOf = (kind: ChannelKind, change: Record<string, unknown>, allowPrivate = false) => {
  const parsed = channels[kind]
    .settings({ ...rules, allowPrivate })
    .safeParse({ ...vendors[kind].settings, ...change });
  return parsed.success
    ? null
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ');
};

describe('settings', () => {
  test('a webhook can carry the tokens of Cloudflare Access', () => {
    expect(
      problemOf('webhook', { headers: { 'CF-Access-Client-Id': 'a.access', 'cf-access-client-secret': 'b' } }),
    ).toBeNull();
  });

  test.each<[kind: ChannelKind, change: Record<string, unknown>, says: RegExp]>([
    ['webhook', { url: 'http://127.0.0.1/hook' }, /not on the public internet/],
    ['webhook', { url: 'http://[::1]/hook' }, /not on the public internet/],
    ['webhook', { url: 'http://169.254.169.254/latest/meta-data' }, /not on the public internet/],
    ['webhook', { url: 'http://router.lan/hook' }, /not on the public internet/],
    ['webhook', { url: 'https://pharos.test/api/v1/hook' }, /Pharos itself/],
    ['webhook', { url: 'https://PHAROS.test./hook' }, /Pharos itself/],
    ['webhook', { url: 'https://preview.pharos.test/hook' }, /Pharos itself/],
    ['webhook', { url: 'http://2130706433/' }, /not on the public internet/],
    ['webhook', { url: 'http://0x7f.1/' }, /not on the public internet/],
    ['webhook', { url: 'http://0177.0.0.1/' }, /not on the public internet/],
    ['webhook', { url: 'http://[::ffff:127.0.0.1]/' }, /not on the public internet/],
    ['webhook', { url: 'http://127。0。0。1/' }, /not on the public internet/],
    ['webhook', { url: 'http://db.internal./' }, /not on the public internet/],
    ['webhook', { url: 'http://printer.local/' }, /not on the public internet/],
    ['webhook', { url: 'http://8.8.8.8/' }, /bare IP address/],
    ['webhook', { url: 'https://example.com/a\r\nHost: other' }, /line breaks/],
    ['webhook', { url: 'http://example.com\\@localhost/' }, /backslashes/],
    ['webhook', { url: 'https://example.com@pharos.test/' }, /user name and password/],
    ['webhook', { url: 'https://pharos.test@example.com/' }, /user name and password/],
    ['webhook', { url: 'https://ada:secret@example.com/hook' }, /user name and password/],
    ['webhook', { url: 'ftp://example.com/hook' }, /https/],
    ['webhook', { url: 'example.com' }, /Start the address with https/],
    ['webhook', { url: '' }, /Enter an address/],
    ['webhook', { url: undefined }, /Enter an address/],
    ['webhook', { method: 'TRACE' }, /POST, PUT, PATCH/],
    ['webhook', { headers: { 'Webhook-Id': '1' } }, /Pharos or the network sets/],
    ['webhook', { headers: { Host: 'other' } }, /Pharos or the network sets/],
    ['webhook', { headers: { 'content-length': '0' } }, /Pharos or the network sets/],
    ['webhook', { headers: { 'CF-Connecting-IP': '1.2.3.4' } }, /Pharos or the network sets/],
    ['webhook', { headers: { 'X-A': '1', 'x-a': '2' } }, /headers\.x-a: .*exists already/],
    ['webhook', { headers: { 'X A': '1' } }, /letters, digits and hyphens/],
    ['webhook', { headers: { 'X-A': 'a\nb' } }, /one line/],
    ['webhook', { headers: { 'X-A': 'a\r\nX-B: c' } }, /one line/],
    ['webhook', { headers: { 'X-A': '\0' } }, /one line/],
    ['webhook', { signingSecret: 'whsec_c2hvcnQ=' }, /24 to 64/],
    ['webhook', { signingSecret: 'a-password' }, /whsec_/],
    ['webhook', { bodyTemplate: '{"a": {{title}}' }, /not valid JSON/],
    ['webhook', { bodyTemplate: '{"a": "{{nothing}}"}' }, /no value \{\{nothing\}\}.*monitor\.name/],
    ['slack', { url: 'https://hooks.slack.com.evil.example/services/T/B/X' }, /hooks\.slack\.com/],
    ['slack', { url: 'https://example.com/services/T/B/X' }, /hooks\.slack\.com/],
    ['slack', { url: 'http://hooks.slack.com/services/T/B/X' }, /hooks\.slack\.com/],
    ['slack', { url: 'https://hooks.slack.com:8443/services/T/B/X' }, /hooks\.slack\.com/],
    ['slack', { url: 'https://hooks.slack.com/workflows/T/B/X' }, /\/services\//],
    ['discord', { url: 'https://discord.com/api/webhooks/1/token/slack' }, /ends with its token/],
    ['teams', { url: 'https://acme.webhook.office.com/webhookb2/x' }, /has retired/],
    ['teams', { url: 'https://evil.example/workflows/x?sig=1' }, /workflow/],
    ['google-chat', { url: 'https://chat.googleapis.com/v1/spaces/A/messages' }, /a key and a token/],
    ['mattermost', { url: 'https://chat.example.com/api/v4/posts' }, /\/hooks\//],
    ['mattermost', { url: 'http://localhost:8065/hooks/s3cr3th00kkeyabcdefghijklm' }, /not on the public internet/],
    ['pagerduty', { routingKey: 'short' }, /32/],
    ['incident-io', { url: 'https://api.incident.io/v1/alerts' }, /alert_events/],
    ['ntfy', { topic: 'a/b' }, /64 letters/],
    ['ntfy', { server: 'https://ntfy.sh/topic' }, /only the server/],
    ['pushover', { retrySeconds: 5 }, /30 seconds/],
    ['gotify', { server: 'http://192.168.1.2' }, /not on the public internet/],
    ['telegram', { botToken: 'x' }, /BotFather/],
    ['twilio', { to: '0151 1234' }, /\+49/],
    ['email', { to: [] }, /at least one/],
    ['email', { to: ['ada@example.com\r\nBcc: eve@example.com'] }, /not an e-mail address/],
    ['email', { to: ['müller@example.com'] }, /part before the @/],
    ['web-push', { endpoint: 'https://push.evil.example/x' }, /push service/],
    ['web-push', { auth: 'AAAA' }, /another length/],
  ])('the settings of %s with %j are refused helpfully', (kind, change, says) => {
    expect(problemOf(kind, change)).toMatch(says);
  });

  test('name recipients by one spelling, and by a domain of any script', () => {
    const { to } = channels.email.settings(rules).parse({ to: ['user@пример.рф', 'Ada@EXAMPLE.com'] });
    expect(to).toEqual(['user@xn--e1afmkfd.xn--p1ai', 'Ada@example.com']);
  });

  test('may name private addresses where those are allowed, though never Pharos itself', () => {
    expect(problemOf('webhook', { url: 'http://localhost:3000/hook' }, true)).toBeNull();
    expect(problemOf('webhook', { url: 'http://localhost:8788/hook' }, true)).toMatch(/Pharos itself/);
  });

  test('say what a template lacks, however it tries to keep the parser busy', () => {
    for (const bodyTemplate of [
      '{{'.repeat(8_000),
      `{{${' '.repeat(16_000)}`,
      '{{ a '.repeat(3_000),
      '{{title}}'.repeat(1_800),
    ])
      expect(problemOf('webhook', { bodyTemplate })).toMatch(/^bodyTemplate: /);
  });
});

describe.each(channelKinds)('the form of %s', (kind) => {
  test('is derived from its schema, and asks for every field with a label', () => {
    const form = formOf(kind);
    const parsed = channels[kind].settings(rules).parse(vendors[kind].settings);
    expect(form.map(({ name }) => name).toSorted()).toEqual(Object.keys(parsed).toSorted());
    for (const field of form) {
      expect(field.label).toMatch(/^\S.*\S$/);
      expect(field.options === null).toBe(field.type !== 'choice');
    }
    const needed = form.filter(({ isRequired }) => isRequired).map(({ name }) => name);
    const without = channels[kind].settings(rules).safeParse({});
    expect([...new Set(without.error?.issues.map(({ path }) => path[0]))].toSorted()).toEqual(needed.toSorted());
  });

  test('says which fields are secret; these are sealed, masked, opened again and kept in a change', async () => {
    const key = keyringOf(['a-key-of-at-least-thirty-two-characters']) as Keyring;
    const settings = channels[kind].settings(rules).parse(vendors[kind].settings);
    const secrets = secretTexts(kind, settings);
    const stored = await storeSettings(kind, 'chn_1', settings, key);
    for (const secret of secrets) expect(JSON.stringify(stored)).not.toContain(secret);
    expect(JSON.stringify(stored.shown).split(maskedSecret).length - 1).toBe(secrets.length);
    expect(await openSettings('chn_1', stored, key)).toEqual(settings);
    expect(mergeSettings(kind, settings, stored.shown)).toEqual(settings);
    if (stored.sealed) await expect(openSettings('chn_2', stored, key)).rejects.toThrow('cannot be opened');
  });
});

test('a masked value of which nothing is stored is asked for', () => {
  const given = { headers: { Authorization: maskedSecret, constructor: maskedSecret } };
  expect(() => mergeSettings('webhook', { headers: { 'X-Other': 'kept' } }, given)).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      fields: [
        expect.objectContaining({ path: 'settings.headers.Authorization' }),
        expect.objectContaining({ path: 'settings.headers.constructor' }),
      ],
    }),
  );
});

test('a change keeps omitted fields, and replaces a record as a whole', () => {
  const stored = { url: 'https://example.com/', headers: { A: 'one', B: 'two' }, signingSecret: 'whsec_x' };
  expect(mergeSettings('webhook', stored, { headers: { A: maskedSecret, C: 'three' } })).toEqual({
    ...stored,
    headers: { A: 'one', C: 'three' },
  });
});

test.each<[kind: ChannelKind, stored: Record<string, unknown>, given: Record<string, unknown>, asks: string[]]>([
  [
    'webhook',
    { url: 'https://example.com/a', headers: { A: 'one' }, signingSecret: 'whsec_x' },
    { url: 'https://elsewhere.example/a', headers: { A: maskedSecret } },
    ['settings.headers.A', 'settings.signingSecret'],
  ],
  [
    'webhook',
    { url: 'https://example.com/a', headers: { A: 'one' }, signingSecret: null },
    { url: 'https://example.com/b', headers: { A: maskedSecret } },
    [],
  ],
  ['gotify', { server: 'https://a.example', token: 'one' }, { server: 'https://b.example' }, ['settings.token']],
  ['gotify', { server: 'https://a.example', token: 'one' }, { server: 'https://b.example', token: 'two' }, []],
  ['webhook', { url: 'https://a.example', headers: {}, signingSecret: null }, { url: 'https://b.example' }, []],
  [
    'webhook',
    { url: 'https://a.example/key', headers: { A: 'one' }, signingSecret: 'whsec_x' },
    { url: `https://a.example/${maskedSecret}`, headers: { A: maskedSecret } },
    [],
  ],
  [
    'webhook',
    { url: 'https://a.example/key', headers: { A: 'one' }, signingSecret: null },
    { url: `https://b.example/${maskedSecret}`, headers: { A: maskedSecret } },
    ['settings.url', 'settings.headers.A'],
  ],
  [
    'incident-io',
    { url: 'https://api.incident.io/v2/alert_events/http/01', token: 'one' },
    { url: 'https://api.incident.io/v2/alert_events/http/02' },
    [],
  ],
])('%s: a change of %j by %j asks again for %j', (kind, stored, given, asks) => {
  let fields: unknown[] = [];
  try {
    mergeSettings(kind, stored, given);
  } catch (error) {
    ({ fields } = error as { fields: unknown[] });
  }
  expect(fields.map((field) => (field as { path: string }).path)).toEqual(asks);
});
