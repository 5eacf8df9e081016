import { describe, expect, test } from 'vitest';
import type { AlertMessage } from '../../../worker/alerts/messages/message.ts';
import { addressOf } from '../../../worker/alerts/messages/names.ts';
import { type ChannelKind, channelKinds } from '../../../worker/domain/delivery/channelKind.ts';
import { bodyOf } from './bodyOf.ts';
import { everyMessage } from './everyMessage.ts';
import { hostileAddresses, hostileTexts, withAddress, withTexts } from './hostileTexts.ts';
import { readMentions } from './mentions.ts';
import { publishedProblems } from './published/problems.ts';
import { objectsIn, placeOf, readLinks } from './readLinks.ts';
import { texts, vendors } from './vendors.ts';

/** Links that lead where the message says, and none where a text in it wants to. */
const linkProblems = (kind: ChannelKind, body: unknown, message: AlertMessage): string[] => {
  const links = readLinks(kind, body);
  const places = placesOf(message);
  const foreign = links.filter(({ label, url }) => label !== url && !places.includes(placeOf(url) ?? ''));
  const wanted = wantedLink(kind, message);
  const isThere = wanted === null || links.some(({ url }) => url === wanted);
  return [
    ...foreign.map(({ label, url }) => `“${label.slice(0, 80)}” leads to ${url.slice(0, 200)}`),
    ...(isThere
      ? []
      : [
          `no link to ${wanted}; there are ${links
            .map(({ url }) => url)
            .join(' ')
            .slice(0, 500)}`,
        ]),
  ];
};

/** All that the message may lead to. The address of a monitor is shown without its query. */
const placesOf = (message: AlertMessage): (string | null)[] =>
  ('monitor' in message
    ? [
        ...[message.acknowledgeUrl, message.incident?.url, message.monitorPage, message.runbookUrl],
        addressOf(message.monitor),
      ]
    : [message.url]
  ).map((url) => placeOf(url ?? ''));

/** The first links that a person needs. A text message and a button of Pushover hold one link. */
const wantedLink = (kind: ChannelKind, message: AlertMessage): string | null => {
  if (!('monitor' in message)) return message.url;
  if (kind === 'webhook' || kind === 'web-push') return message.incident?.url ?? message.monitorPage;
  return message.acknowledgeUrl ?? message.incident?.url ?? message.monitorPage;
};

/** As people see them: what is invisible is nothing, and the runs of a paragraph stand on one line. */
const seenTexts = (body: unknown): string[] => {
  const paragraphs = objectsIn(body).flatMap(({ inlines }) => (inlines ? [texts(inlines).join('')] : []));
  const all = paragraphs.length > 0 ? paragraphs : texts(body);
  return all.map((text) => text.replace(/[\p{Default_Ignorable_Code_Point}\u2800]/gu, ''));
};

/** Labels, bullets and names without anything behind them, and lines at an end that hold nothing. */
const emptyTexts = (body: unknown): string[] =>
  seenTexts(body).filter(
    (text) =>
      text !== text.trimEnd() ||
      /(?:^|\n)(?:(?:[^\n:<]{1,40}: *|- *)(?:\n(?!- )|$)|(?:- )?[:,] )/.test(text) ||
      /<b>[^<]*: ?<\/b> ?(?:\n(?!- )|$)/.test(text),
  );

const problemsOf = async (kind: ChannelKind, message: AlertMessage): Promise<string[]> => {
  const { request, body } = await bodyOf(kind, message);
  const vendor = vendors[kind];
  const format = await vendor.format.safeParseAsync(body);
  return [
    ...publishedProblems[kind](body),
    ...(format.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []),
    ...(vendor.path.test(request.path) ? [] : [request.path]),
    ...(vendor.harm?.(body as never) ?? []),
    ...readMentions(kind, body).map((mention) => `calls ${mention}`),
    ...linkProblems(kind, body, message),
    ...emptyTexts(body).map((text) => `says nothing in ${JSON.stringify(text.slice(0, 200))}`),
    ...texts(body).flatMap((text) =>
      [
        text.isWellFormed() ? '' : 'half a surrogate pair',
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the test searches for control characters
        /[\0-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/.test(text) ? 'a sign that steers' : '',
      ]
        .filter(Boolean)
        .map((problem) => `${problem} in ${JSON.stringify(text.slice(0, 200))}`),
    ),
  ];
};

/** Every event with every text, so that one line names all that is wrong. */
const problemsWith = async (kind: ChannelKind, change: (message: AlertMessage) => AlertMessage) => {
  const found: Record<string, string[]> = {};
  for (const [name, message] of Object.entries(everyMessage)) {
    const problems = await problemsOf(kind, change(message));
    if (problems.length > 0) found[name] = problems;
  }
  return found;
};

describe.each(channelKinds)('the channel %s', (kind) => {
  test('sends every event so that the vendor takes it', async () => {
    expect(await problemsWith(kind, (message) => message)).toEqual({});
  });

  test.each(Object.entries(hostileTexts))('sends every event with %s in its texts', async (_, text) => {
    expect(await problemsWith(kind, (message) => withTexts(message, text))).toEqual({});
  });

  test.each(Object.entries(hostileAddresses))('sends every event with an address %s', async (_, url) => {
    expect(await problemsWith(kind, (message) => withAddress(message, url))).toEqual({});
  });
});
