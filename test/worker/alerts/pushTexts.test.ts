import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HttpRequest } from '../../../worker/alerts/channels/channel.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { inBytes } from '../../../worker/alerts/messages/fit.ts';
import type { AlertMessage, MonitorMessage } from '../../../worker/alerts/messages/message.ts';
import { titleOf } from '../../../worker/alerts/messages/titles.ts';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';
import { digest, down } from './messages.ts';
import { decryptPush } from './push.ts';
import { context, vendors } from './vendors.ts';

/** A push as a phone shows it: plain text, and as long as the service accepts it. */

const requestOf = async (kind: ChannelKind, message: AlertMessage) => {
  const settings = channels[kind].settings({ allowPrivate: false, ownHosts: [] }).parse(vendors[kind].settings);
  return (await channels[kind].request(message, settings, 'dlv_1', context)) as HttpRequest;
};

const sent = async (kind: ChannelKind, message: AlertMessage) =>
  JSON.parse((await requestOf(kind, message)).body as string) as Record<string, unknown>;

interface Pushed {
  title: string;
  body: string;
  actions: { url: string }[];
}

const pushed = async (message: AlertMessage) => {
  const { body, headers } = await requestOf('web-push', message);
  const bytes = body as Uint8Array;
  const received = { headers, body: btoa(String.fromCharCode(...bytes)) };
  return { bytes: bytes.length, data: (await decryptPush(received as never)) as Pushed };
};

const markup = 'Shop *a* _b_ `c` [d](https://evil.example) #1 <b>&amp;</b> \\ ~e~';
const marked: MonitorMessage = { ...down, monitor: { ...down.monitor, name: markup }, why: `${markup} is down.` };

test('names come as they are where no markup is read', async () => {
  for (const [kind, fields] of [
    ['ntfy', ['title', 'message']],
    ['gotify', ['title', 'message']],
    ['pushover', ['title', 'message']],
  ] as const) {
    const body = await sent(kind, marked);
    for (const field of fields)
      expect([kind, field, body[field]]).toEqual([kind, field, expect.stringContaining(markup)]);
    expect(body).not.toHaveProperty('html');
    expect(body).not.toHaveProperty('markdown');
  }
  const { data } = await pushed(marked);
  expect(data.title).toContain(markup);
  expect(data.body).toContain(markup);
});

test('the body of a notification does not repeat its title', async () => {
  const { data } = await pushed(down);
  expect(data.title).toBe(titleOf(down));
  expect(data.body).not.toContain(titleOf(down));
  expect(data.body).toContain('Two of three regions');
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom('"'.repeat(3_000), '\\'.repeat(3_000), '🚨'.repeat(2_000), 'я '.repeat(2_000)),
);
const anyUrl = fc.integer({ min: 1, max: 3_500 }).map((length) => `https://pharos.test/${'x'.repeat(length)}`);

test('a push with any names and links fits the limit of the service', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyText, anyUrl, anyUrl, async (name, why, acknowledgeUrl, site) => {
      const monitor = { ...down.monitor, name, url: site };
      const messages: AlertMessage[] = [
        { ...down, monitor, why, acknowledgeUrl, teamName: name },
        { ...digest, why, monitors: digest.monitors.map((one) => ({ ...one, name })) },
      ];
      for (const message of messages) {
        const { bytes, data } = await pushed(message);
        expect(bytes).toBeLessThanOrEqual(4_096);
        expect(data.actions.length).toBeLessThanOrEqual(3);
        const { body } = await requestOf('ntfy', message);
        const { message: text, title, actions } = JSON.parse(body as string) as Record<string, string>;
        expect(inBytes(body as string)).toBeLessThanOrEqual(8_192);
        expect(inBytes(text ?? '')).toBeLessThanOrEqual(4_096);
        expect(text).not.toBe('');
        expect(title).not.toBe('');
        expect(actions?.length).toBeLessThanOrEqual(3);
        const pushover = await sent('pushover', message);
        expect(String(pushover.message).length).toBeLessThanOrEqual(1_024);
        expect(String(pushover.url ?? '').length).toBeLessThanOrEqual(512);
      }
    }),
    { numRuns: 40 },
  );
});

test('the button of Pushover acknowledges: the link is short enough for it', async () => {
  const acknowledgeUrl = 'https://pharos.example.workers.dev/a/4Xq9mDfE0yuBzTg1kLwV3sHcR7n';
  expect(await sent('pushover', { ...down, acknowledgeUrl })).toMatchObject({
    url: acknowledgeUrl,
    url_title: 'Acknowledge',
  });
});
