import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HttpRequest } from '../../../worker/alerts/channels/channel.ts';
import { twilio } from '../../../worker/alerts/channels/twilio.ts';
import { segmentsOf, toGsm } from '../../../worker/alerts/messages/gsm.ts';
import { linksOf } from '../../../worker/alerts/messages/links.ts';
import type { AlertMessage, MonitorMessage } from '../../../worker/alerts/messages/message.ts';
import { oneLine } from '../../../worker/alerts/messages/text.ts';
import { titleOf } from '../../../worker/alerts/messages/titles.ts';
import { acknowledged, advisory, channelFailing, digest, down, up } from './messages.ts';
import { context, vendors } from './vendors.ts';

const settings = twilio.settings({ allowPrivate: false, ownHosts: [] }).parse(vendors.twilio.settings);

const textOf = async (message: AlertMessage) => {
  const { body } = (await twilio.request(message, settings, 'dlv_1', context)) as HttpRequest;
  return new URLSearchParams(body as string).get('Body') ?? '';
};

test.each<[text: string, gsm: string | null]>([
  ['Shop', 'Shop'],
  ['Café “Zur Post” – ‘open’…', 'Café "Zur Post" - \'open\'...'],
  ['ñ Ñ ä ö ü Ä Ö Ü ß å Å æ Æ ø Ø à é è ì ò ù Ç', 'ñ Ñ ä ö ü Ä Ö Ü ß å Å æ Æ ø Ø à é è ì ò ù Ç'],
  ['ç á â ã ë ê í î ï ó ô õ ú û ÿ À Â Ê È Í Ó Ú', 'c a a a e e i i i o o o u u y A A E E I O U'],
  ['Zażółć gęślą jaźń Łódź', 'Zazólc gesla jazn Lódz'.replace(/ó/g, 'o')],
  ['İstanbul ığdır Şişli', 'Istanbul igdir Sisli'],
  ['Đà Nẵng, Điện Biên', 'Dà Nang, Dien Bien'],
  ['Þórður œuvre Œ ð', 'Thordur oeuvre OE d'],
  ['Αθήνα ΣΕΡΒΕΡ', 'AΘHNA ΣEPBEP'],
  ['a\u0308 e\u0301 A\u030a', 'ä é Å'],
  ['ﬁne ½ ² Ａ１', 'fine 1/2 2 A1'],
  ['© ® ™ µs 5 × 3 ≥ 2 → up', '(C) (R) TM us 5 x 3 >= 2 -> up'],
  ['10 € [a] {b} ^ ~ \\ |', '10 € [a] {b} ^ ~ \\ |'],
  ['🚨 Shop 🚀. Next', 'Shop. Next'],
  ['Shop 👩🏽‍🚀🇩🇪 two', 'Shop two'],
  ['Shop🚀', 'Shop'],
  ['1️⃣ first', '1 first'],
  ['a\u00a0b\u200bc', 'a bc'],
  ['日本 shop', null],
  ['Магазин', null],
  ['متجر', null],
  ['٣ shops', null],
  ['🚀', ''],
])('%s in the GSM alphabet is %s', (text, gsm) => {
  expect(toGsm(text)).toBe(gsm);
  if (gsm) expect(segmentsOf(gsm).encoding).toBe('gsm');
});

const wave = '🌊';
test.each<[what: string, text: string, encoding: string, units: number, segments: number]>([
  ['nothing', '', 'gsm', 0, 0],
  ['160 letters', 'a'.repeat(160), 'gsm', 160, 1],
  ['161 letters', 'a'.repeat(161), 'gsm', 161, 2],
  ['306 letters', 'a'.repeat(306), 'gsm', 306, 2],
  ['307 letters', 'a'.repeat(307), 'gsm', 307, 3],
  ['80 of the extension', '€'.repeat(80), 'gsm', 160, 1],
  ['81 of the extension', '€'.repeat(81), 'gsm', 162, 2],
  // An escape does not end a segment whose sign begins the next one.
  ['152 letters, one of the extension, 153 letters', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm', 306, 3],
  ['every sign of the extension', '\f^{}\\[~]|€', 'gsm', 20, 1],
  ['70 signs of which one is none of GSM', `${'a'.repeat(69)}я`, 'ucs2', 70, 1],
  ['71 signs of which one is none of GSM', `${'a'.repeat(70)}я`, 'ucs2', 71, 2],
  ['134', 'я'.repeat(134), 'ucs2', 134, 2],
  ['135', 'я'.repeat(135), 'ucs2', 135, 3],
  ['35 emoji', wave.repeat(35), 'ucs2', 70, 1],
  // A pair is not cut either: 33 of them are 66 units.
  ['67 emoji', wave.repeat(67), 'ucs2', 134, 3],
])('%s are sent in so many segments', (_, text, encoding, units, segments) => {
  expect(segmentsOf(text)).toEqual({ encoding, units, segments });
});

const shortLink = 'https://pharos.example.workers.dev/a/4Xq9mDfE0yuBzTg1kLwV3sHcR7n';
const linked: MonitorMessage = { ...down, acknowledgeUrl: shortLink };

test('an outage takes two segments, with the link that acknowledges', async () => {
  const text = await textOf(linked);
  expect(text).toMatch(new RegExp(`^Down: Shop.*\\nAcknowledge: ${shortLink}$`, 's'));
  expect(text).toContain('Down since 21 Nov 2026, 03:12 GMT+1 (Europe/Berlin).');
  expect(segmentsOf(text)).toMatchObject({ encoding: 'gsm', segments: 2 });
});

const called = (name: string): MonitorMessage => ({ ...linked, monitor: { ...down.monitor, name } });

test.each<[name: string, shown: string, encoding: string]>([
  ['Bücherei – “Süd”', 'Bücherei - "Süd"', 'gsm'],
  ['Shop 🚀', 'Shop', 'gsm'],
  ['🚀🚀', '🚀🚀', 'ucs2'],
  ['Магазин', 'Магазин', 'ucs2'],
  ['', 'Down: shop.example.com', 'gsm'],
])('the monitor %s is called %s', async (name, shown, encoding) => {
  const text = await textOf(called(name));
  expect(text).toContain(shown);
  expect(segmentsOf(text).encoding).toBe(encoding);
  expect(segmentsOf(text).segments).toBeLessThanOrEqual(3);
  expect(text.endsWith(`\nAcknowledge: ${shortLink}`)).toBe(true);
});

test('a text message has at most three segments and ends with its link, for any names', async () => {
  const anyName = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }));
  const anyMessage = fc.constantFrom<AlertMessage>(
    linked,
    up,
    acknowledged,
    digest,
    channelFailing,
    advisory('unknown'),
  );
  await fc.assert(
    fc.asyncProperty(anyMessage, anyName, anyName, async (message, name, why) => {
      const named: AlertMessage =
        'monitor' in message ? { ...message, monitor: { ...message.monitor, name }, why } : { ...message, why };
      const text = await textOf(named);
      const [link] = linksOf(named);
      expect(text.endsWith(`\n${link?.label}: ${link?.url}`)).toBe(true);
      expect(segmentsOf(text).segments).toBeLessThanOrEqual(3);
      expect(text.length).toBeGreaterThan(`\n${link?.label}: ${link?.url}`.length);
      expect(text.isWellFormed()).toBe(true);
      if (toGsm(`${titleOf(named)} ${why}`) !== null && toGsm(oneLine(name)))
        expect(segmentsOf(text).encoding).toBe('gsm');
    }),
    { numRuns: 100 },
  );
});

test('an address of Pharos that is very long costs segments, and stays whole', async () => {
  const url = `https://${'pharos-'.repeat(34)}.example/a/4Xq9mDfE0yuBzTg1kLwV3sHcR7n`;
  const text = await textOf({ ...called('Магазин'), acknowledgeUrl: url });
  expect(text).toMatch(/^.*Магазин/);
  expect(text.endsWith(url)).toBe(true);
  expect(text.length).toBeLessThanOrEqual(1_600);
});
