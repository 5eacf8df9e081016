import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import type { HttpRequest } from '../../../worker/alerts/channels/channel.ts';
import { newSigningSecret } from '../../../worker/alerts/channels/signingSecret.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { type AlertMessage, type MonitorMessage, messageEvents } from '../../../worker/alerts/messages/message.ts';
import { parseTemplate, renderTemplate, templateProblem } from '../../../worker/alerts/messages/template.ts';
import { webhookPayload } from '../../../worker/alerts/messages/webhookPayload.ts';
import { runs } from '../../properties.ts';
import { acknowledged, channelFailing, channelWorking, digest, down, hostileNames, named, up } from './messages.ts';
import { context } from './vendors.ts';

const { webhook } = channels;
const settingsOf = (change: Record<string, unknown>) =>
  webhook.settings({ allowPrivate: false, ownHosts: [] }).parse({ url: 'https://example.com/hook', ...change });

const now = Date.UTC(2026, 10, 21, 3, 0, 0);
const requestOf = async (change: Record<string, unknown>, message = down as Parameters<typeof webhook.request>[0]) =>
  (await webhook.request(message, settingsOf(change), 'dlv_1', { ...context, now })) as HttpRequest;

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const hmac = async (secret: string, text: string) => {
  const bytes = Uint8Array.from(atob(secret.replace('whsec_', '')), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`;
};

test('the library signs the example of the specification as it says', () => {
  const signature = new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').sign(
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1_614_265_330_000),
    '{"test": 2432232314}',
  );
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('a request is signed over its id, its time and its body', async () => {
  const signingSecret = newSigningSecret();
  const { headers, body } = await requestOf({ signingSecret });
  expect(headers).toMatchObject({ 'webhook-id': 'dlv_1', 'webhook-timestamp': String(now / 1000) });
  expect(headers['webhook-signature']).toBe(await hmac(signingSecret, `dlv_1.${now / 1000}.${body}`));
});

test('without a secret nothing is signed, and the id is still there', async () => {
  const { headers } = await requestOf({});
  expect(headers['webhook-id']).toBe('dlv_1');
  expect(headers).not.toHaveProperty('webhook-signature');
});

test.each(hostileNames)('a template with %s as a value stays JSON', async (_, name) => {
  const bodyTemplate = '{"text": "{{title}}: {{monitor.name}}", "all": {{regions}}, "by": {{acknowledgedBy}}}';
  for (const message of [named(name), digest]) {
    const { body } = await requestOf({ bodyTemplate }, message);
    const parsed = JSON.parse(body as string);
    expect(Object.keys(parsed)).toEqual(['text', 'all', 'by']);
    expect(parsed.by).toBeNull();
  }
});

test('texts stay texts and the rest JSON, for any values in a template', () => {
  const parsed = parseTemplate('{"a\\"{{x}}": "{{x}} and \\\\{{y.z}}", "raw": [{{x}}, {{y}}, {{none.at.all}}]}');
  if (!('template' in parsed)) throw new Error(parsed.problem);
  const { template } = parsed;
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (x, z) => {
      const json = JSON.parse(renderTemplate(template, { x, y: { z } }));
      expect(Object.keys(json)).toHaveLength(2);
      expect(json.raw).toEqual(JSON.parse(JSON.stringify([x, { z }, null])));
    }),
  );
});

test('however long the values are, a template yields JSON of a bounded length', () => {
  const parts = Array.from({ length: 100 }, () => '"{{x}}", {{x}}').join(', ');
  const parsed = parseTemplate(`[${parts}]`);
  if (!('template' in parsed)) throw new Error(parsed.problem);
  for (const x of ['a'.repeat(500_000), '\0'.repeat(500_000), '🚨'.repeat(250_000), Array(70_000).fill(1)]) {
    const body = renderTemplate(parsed.template, { x });
    expect(body.length).toBeLessThanOrEqual(131_072);
    const values = JSON.parse(body);
    expect(values).toHaveLength(200);
    expect(values.every((value: string | null) => value === null || value.isWellFormed())).toBe(true);
  }
});

test.each([
  ['{{', /not closed/],
  ['{"a": "{{title}"}', /not closed/],
  ['{"a": "{{constructor.name.length()}}"}', /names no value/],
  ['{"a": "{{}}"}', /names no value/],
  ['{"a": "{{#each regions}}{{/each}}"}', /names no value/],
  ['{"a": "{{ __proto__.x }}"}', /names no value/],
  ['x'.repeat(20_000), /16,384/],
])('the template %j does not parse', (text, says) => {
  expect(parseTemplate(text)).toMatchObject({ problem: expect.stringMatching(says) });
});

test('a template names nothing but what is offered', () => {
  const parsed = parseTemplate('"{{constructor.name}}{{toString}}"');
  expect('template' in parsed && renderTemplate(parsed.template, { a: 1 })).toBe('""');
});

/** One of each event, and again with names that begin with what an escape could begin with. */
const everyMessage: AlertMessage[] = [
  ...messageEvents
    .filter((event) => event !== 'digest' && !event.startsWith('channel-'))
    .flatMap((event) =>
      [
        down,
        up,
        acknowledged,
        ...hostileNames.map(([, name]) => named(name)),
        named('u0041'),
        named('00'),
        named('"'),
      ].map((message) => ({ ...message, event: event as MonitorMessage['event'] })),
    ),
  digest,
  { ...digest, stillOpen: 0, monitors: [], counts: {} },
  channelFailing,
  channelWorking,
];
const everyPayload = everyMessage.map((message) => webhookPayload(message, 'dlv_1'));
const sample = everyPayload[0];

test('every event has a message in these tests', () => {
  expect(new Set(everyMessage.map(({ event }) => event))).toEqual(new Set(messageEvents));
});

test.each([
  [String.raw`{"a": "\{{event}}"}`, /backslash/],
  [String.raw`{"a": "\u{{event}}"}`, /backslash/],
  [String.raw`{"a": "\u00{{event}}"}`, /backslash/],
  [String.raw`{"a": "\\\{{event}}"}`, /backslash/],
  ['{"a": 1{{durationSeconds}}}', /not valid JSON/],
  ['{"a": -{{durationSeconds}}}', /not valid JSON/],
  ['{"a": {{durationSeconds}}0}', /not valid JSON/],
  ['{"a": {{digest.alerts}}.5}', /not valid JSON/],
  ['{"a": {{event}}{{title}}}', /not valid JSON/],
  ['{{{monitor.name}}: 1}', /not closed|names no value|not valid JSON/],
  ['{ {{monitor.name}}: 1}', /not valid JSON/],
  ['{"a": "{{event}}}', /not valid JSON/],
  ["{'a': '{{event}}'}", /not valid JSON/],
])('the template %s does not pass: it would not fit every event', (text, says) => {
  expect(templateProblem(text, sample)).toMatch(says);
  expect(
    webhook.settings({ allowPrivate: false, ownHosts: [] }).safeParse({ url: 'https://a.example/', bodyTemplate: text })
      .success,
  ).toBe(false);
});

test('an accepted template is JSON for every event', () => {
  const paths = [
    'event',
    'title',
    'text',
    'monitor.name',
    'durationSeconds',
    'regions',
    'about',
    'digest.counts',
    'incident',
  ];
  const piece = fc.oneof(
    fc.constantFrom(...paths.map((path) => `{{${path}}}`), ...paths.map((path) => `"{{${path}}}"`)),
    fc.constantFrom(
      '"',
      '\\',
      '\\\\',
      '\\u',
      '\\u00',
      '\\"',
      '-',
      '1',
      '.5',
      'e',
      ',',
      ':',
      '[',
      ']',
      '{',
      '}',
      ' ',
      '"a":',
      'null',
    ),
    fc.string({ maxLength: 3 }),
  );
  const wrapped = fc
    .tuple(
      fc.constantFrom(['"', '"'], ['[', ']'], ['{"a":', '}'], ['{"a":"', '"}'], ['', '']),
      fc.array(piece, { maxLength: 4 }),
    )
    .map(([[open, close], pieces]) => open + pieces.join('') + close);
  let passed = 0;
  fc.assert(
    fc.property(wrapped, (text) => {
      const parsed = parseTemplate(text);
      if (templateProblem(text, sample) !== null || !('template' in parsed)) return;
      if (text.includes('{{')) passed++;
      for (const payload of everyPayload) JSON.parse(renderTemplate(parsed.template, payload));
    }),
    { numRuns: runs(3_000) },
  );
  expect(passed).toBeGreaterThan(100);
});

test('a template that was stored before and fits no longer sends all that is known', async () => {
  for (const bodyTemplate of [String.raw`{"a": "\{{event}}"}`, '{"a": -{{durationSeconds}}}']) {
    const settings = { ...settingsOf({}), bodyTemplate };
    const { body } = (await webhook.request(down, settings, 'dlv_1', { ...context, now })) as HttpRequest;
    expect(JSON.parse(body as string)).toMatchObject({ event: 'down', id: 'dlv_1' });
  }
});
