import { describe, expect, test } from 'vitest';
import { type ChannelKind, channelKinds } from '../../../worker/domain/delivery/channelKind.ts';
import { bodyOf } from './bodyOf.ts';
import { everyMessage } from './everyMessage.ts';
import { publishedProblems } from './published/problems.ts';

type Json = Record<string, unknown>;

/** Something in each body that its vendor would refuse or drop, so that no check is one that cannot fail. */
const broken: Record<ChannelKind, (body: Json) => Json[]> = {
  email: (body) => [without(body, 'subject'), { ...body, Subject: 'x' }, { ...body, to: [] }],
  webhook: (body) => [without(body, 'type'), { ...body, type: 'alert down' }, { ...body, timestamp: 'today' }],
  slack: (body) => [
    without(body, 'text'),
    { ...body, block: [] },
    { ...body, blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] },
    { ...body, blocks: [{ type: 'section', text: { type: 'plain_text' } }] },
  ],
  discord: (body) => [
    { ...body, embed: {} },
    { ...body, allowed_mentions: { parse: ['all'] } },
    { ...body, embeds: [{ color: 'red' }] },
  ],
  teams: (body) => [
    { ...body, type: 'card' },
    { ...body, attachments: [] },
    cardOf(body, { body: [{ type: 'RichText', inlines: [] }] }),
    cardOf(body, { body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'x', size: 'Huge' }] }] }),
    cardOf(body, { version: '1.6' }),
  ],
  telegram: (body) => [without(body, 'chat_id'), { ...body, parse_mode: 'Html' }, { ...body, html: true }],
  'google-chat': (body) => [
    { ...body, cards_v2: [] },
    { ...body, cardsV2: [{ card: { header: { name: 'x' } } }] },
  ],
  mattermost: (body) => [
    { ...body, attachment: [] },
    { ...body, attachments: [{ colour: '#fff' }] },
  ],
  pagerduty: (body) => [
    without(body, 'routing_key'),
    { ...body, event_action: 'close' },
    { ...body, payload: without(body.payload as Json, 'summary') },
    { ...body, clientUrl: 'https://pharos.test/' },
  ],
  'incident-io': (body) => [
    without(body, 'title'),
    { ...body, status: 'open' },
    { ...body, url: 'https://x.example/' },
  ],
  ntfy: (body) => [
    without(body, 'topic'),
    { ...body, priority: 6 },
    { ...body, actions: [{ action: 'view', label: 'x' }] },
  ],
  pushover: (body) => [without(body, 'message'), { ...without(body, 'retry'), priority: 2 }, { ...body, html: true }],
  gotify: (body) => [without(body, 'message'), { ...body, extras: { display: {} } }, { ...body, priority: 'high' }],
  twilio: (body) => [without(body, 'From'), { ...body, Body: 'x'.repeat(1601) }, { ...body, body: 'x' }],
  'web-push': (body) => [without(body, 'tag'), { ...body, url: '/incidents' }, { ...body, icon: 'x' }],
};

const without = (body: Json, name: string): Json =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));

const cardOf = (body: Json, change: Json): Json => ({
  ...body,
  attachments: (body.attachments as Json[]).map((one) => ({
    ...one,
    content: { ...(one.content as Json), ...change },
  })),
});

describe.each(channelKinds)('the channel %s', (kind) => {
  const problemsOf = publishedProblems[kind];

  test.each(Object.entries(everyMessage))('sends %s in the format that its vendor publishes', async (_, message) => {
    expect(problemsOf((await bodyOf(kind, message)).body)).toEqual([]);
  });

  test('sends nothing that this check would let pass if it were wrong', async () => {
    const body = (await bodyOf(kind, everyMessage.down as never)).body as Json;
    const passed = broken[kind](JSON.parse(JSON.stringify(body))).filter((one) => problemsOf(one).length === 0);
    expect(passed).toEqual([]);
  });
});
