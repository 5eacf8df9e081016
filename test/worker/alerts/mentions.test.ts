import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../worker/alerts/channels/channel.ts';
import { formOf } from '../../../worker/alerts/channels/form.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { type AlertMessage, testMessage } from '../../../worker/alerts/messages/message.ts';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';
import {
  acknowledged,
  advisory,
  channelFailing,
  channelWorking,
  digest,
  down,
  downSince,
  ended,
  up,
} from './messages.ts';
import { context, vendors } from './vendors.ts';

const parse = (kind: ChannelKind, more: Record<string, unknown>) =>
  channels[kind].settings({ allowPrivate: false, ownHosts: [] }).safeParse({ ...vendors[kind].settings, ...more });

const stored = (kind: ChannelKind, more: Record<string, unknown>) => {
  const { success, data, error } = parse(kind, more);
  if (!success) throw error;
  return data as Record<string, unknown>;
};

const sent = async (kind: ChannelKind, message: AlertMessage, more: Record<string, unknown>) => {
  const request = (await channels[kind].request(message, stored(kind, more), 'dlv_1', context)) as HttpRequest;
  return JSON.parse(request.body as string);
};

const kinds = ['slack', 'discord', 'mattermost', 'teams', 'google-chat', 'telegram'] as const;

describe.each(kinds)('%s', (kind) => {
  test('mentions nobody unless somebody is entered, and takes settings from before there were mentions', async () => {
    expect(stored(kind, {})).toMatchObject({ mentionOnCritical: [], mentionOnWarning: [] });
    const plain = await sent(kind, down, {});
    expect(await sent(kind, down, { mentionOnCritical: [], mentionOnWarning: [] })).toEqual(plain);
    expect(JSON.stringify(plain)).not.toMatch(/<!|<@|<at>|<users\/|tg:\/\/|@(here|channel|everyone)/);
  });

  test('asks for mentions in its form, as a list that may be empty', () => {
    const fields = formOf(kind).filter(({ name }) => name.startsWith('mention'));
    expect(fields.map(({ type, isRequired, default: fallback }) => ({ type, isRequired, fallback }))).toEqual([
      { type: 'list', isRequired: false, fallback: [] },
      { type: 'list', isRequired: false, fallback: [] },
    ]);
  });

  test('takes its own stored settings again', () => {
    for (const [given] of spellings[kind]) {
      const once = stored(kind, { mentionOnCritical: [given] });
      expect(stored(kind, once)).toEqual(once);
    }
  });

  test('takes ten mentions and no more, each in its own form', () => {
    const first = spellings[kind][0]?.[0] ?? '';
    expect(parse(kind, { mentionOnWarning: Array(11).fill(first) }).error?.issues[0]?.message).toBe(
      'At most 10 mentions.',
    );
    for (const wrong of ['', ' ', 'a b', '<script>', 'x'.repeat(400), `${first}\n${first}`, `${first}> <!channel`])
      expect(parse(kind, { mentionOnCritical: [wrong] }).error?.issues[0]?.message, wrong).toMatch(/^Enter /);
  });
});

/** Entries that people paste, and their stored form. */
const spellings: Record<(typeof kinds)[number], [given: string, stored: string][]> = {
  slack: [
    ['@here', '@here'],
    ['here', '@here'],
    ['<!channel>', '@channel'],
    [' U012AB3CD ', 'U012AB3CD'],
    ['<@W012AB3CD|ada>', 'W012AB3CD'],
    ['<!subteam^S012AB3CD>', 'S012AB3CD'],
  ],
  discord: [
    ['everyone', '@everyone'],
    ['@here', '@here'],
    ['<@!123456789012345678>', '123456789012345678'],
    ['<@&123456789012345678>', '&123456789012345678'],
    ['@&123456789012345678', '&123456789012345678'],
  ],
  mattermost: [
    ['channel', '@channel'],
    ['@Ada.Lovelace', '@ada.lovelace'],
  ],
  teams: [
    ['ada@example.com', 'ada@example.com'],
    ['<at>ada_l@example.com</at>', 'ada_l@example.com'],
    ['87d349ed-44d7-43e1-9a83-5f2406dee5bd', '87d349ed-44d7-43e1-9a83-5f2406dee5bd'],
  ],
  'google-chat': [
    ['all', 'all'],
    ['<users/all>', 'all'],
    ['users/123456789', '123456789'],
  ],
  telegram: [
    ['@ada_l', '@ada_l'],
    ['123456789', '123456789'],
  ],
};

test.each(Object.entries(spellings).flatMap(([kind, all]) => all.map((one) => [kind as ChannelKind, ...one] as const)))(
  '%s stores %s as %s',
  (kind, given, normalized) => {
    expect(stored(kind, { mentionOnCritical: [given] }).mentionOnCritical).toEqual([normalized]);
  },
);

test('each receiver gets mentions in its own markup', async () => {
  const slack = await sent('slack', down, { mentionOnCritical: ['@here', 'U012AB3CD', 'S012AB3CD', '@here'] });
  const called = '<!here> <@U012AB3CD> <!subteam^S012AB3CD>';
  expect(slack.text).toMatch(/^<!here> <@U012AB3CD> <!subteam\^S012AB3CD> Down: Shop/);
  expect(slack.blocks[1]).toEqual({ type: 'section', text: { type: 'mrkdwn', text: called, verbatim: true } });

  const discord = await sent('discord', down, {
    mentionOnCritical: ['@here', '123456789012345678', '&223456789012345678'],
  });
  expect(discord).toMatchObject({
    content: '@here <@123456789012345678> <@&223456789012345678>',
    allowed_mentions: { parse: ['everyone'], users: ['123456789012345678'], roles: ['223456789012345678'] },
  });
  const person = await sent('discord', down, { mentionOnCritical: ['123456789012345678'] });
  expect(person.allowed_mentions).toEqual({ parse: [], users: ['123456789012345678'] });

  expect((await sent('mattermost', down, { mentionOnCritical: ['here', '@ada'] })).text).toBe('@here @ada');
  expect((await sent('google-chat', down, { mentionOnCritical: ['all', '123456'] })).text).toBe(
    '<users/all> <users/123456>',
  );

  const teams = await sent('teams', down, { mentionOnCritical: ['ada@example.com'] });
  const { body, msteams } = teams.attachments[0].content;
  expect(body[1]).toEqual({ type: 'TextBlock', text: '<at>ada@example.com</at>', wrap: true });
  expect(msteams.entities).toEqual([
    {
      type: 'mention',
      text: '<at>ada@example.com</at>',
      mentioned: { id: 'ada@example.com', name: 'ada@example.com' },
    },
  ]);

  const telegram = await sent('telegram', down, { mentionOnCritical: ['@ada_l', '123456'] });
  expect(telegram.text).toContain('\n@ada_l <a href="tg://user?id=123456">user 123456</a>\n');
});

const both = { mentionOnCritical: ['@all'], mentionOnWarning: ['@ada'] };

test.each<[what: string, message: AlertMessage, mentions: string | undefined]>([
  ['an outage', down, '@all'],
  ['a reminder', { ...down, event: 'reminder' }, '@all'],
  ['an outage after flapping', { ...down, event: 'stable', standing: 'down' }, '@all'],
  ['a slow monitor', advisory('degraded'), '@ada'],
  ['a monitor without data', advisory('unknown'), '@ada'],
  ['a channel that fails', channelFailing, '@ada'],
  ['a digest of outages', digest, '@all'],
  ['a digest of slow monitors', { ...digest, counts: { degraded: 2 }, stillDown: 0 }, '@ada'],
  ['a digest of recoveries while others are down', { ...digest, counts: { up: 2, acknowledged: 1 } }, undefined],
  ['a recovery', up, undefined],
  ['the end of slowness', ended(advisory('degraded')), undefined],
  ['an acknowledgement', acknowledged, undefined],
  ['an incident closed by hand', { ...down, event: 'resolved' }, undefined],
  ['the end of flapping', { ...down, event: 'stable', standing: 'up' }, undefined],
  ['a channel that works again', channelWorking, undefined],
  [
    'a test',
    testMessage({ teamName: 'T', timeZone: 'UTC', dashboardUrl: 'https://pharos.test/' }, downSince),
    undefined,
  ],
])('%s mentions by its severity', async (_, message, mentions) => {
  expect((await sent('mattermost', message, both)).text).toBe(mentions);
});

/** Written into every text of a message that a tenant or a target can choose. */
const hostile = [
  '@everyone @here @channel @all @ada',
  '<!here> <!channel> <@U012AB3CD> <!subteam^S012AB3CD> <https://evil.example|bank>',
  '<@123456789012345678> <@&123456789012345678> <users/all> <at>ada@example.com</at>',
  '<a href="tg://user?id=1">ada</a> tg://user?id=1 @ada_l /stop',
].join(' ');

test('no text of a tenant or a target mentions anybody, beside a mention or without one', async () => {
  const message: AlertMessage = {
    ...down,
    monitor: { ...down.monitor, name: hostile },
    why: hostile,
    cause: hostile,
    answerLine: hostile,
    tags: [hostile],
    teamName: hostile,
    acknowledgedBy: hostile,
  };
  const slack = await sent('slack', message, { mentionOnCritical: ['@here'] });
  expect(slack.text.match(/<[^>]*>/g)).toEqual(['<!here>']);
  const marked: string[] = slack.blocks.flatMap(({ text }: { text?: { type: string; text: string } }) =>
    text?.type === 'mrkdwn' ? [text.text] : [],
  );
  expect(marked.join('').match(/<[!@#][^>]*>/g)).toEqual(['<!here>']);

  const discord = await sent('discord', message, { mentionOnCritical: ['223456789012345678'] });
  expect(discord.content).toBe('<@223456789012345678>');
  expect(discord.allowed_mentions).toEqual({ parse: [], users: ['223456789012345678'] });
  expect((await sent('discord', message, {})).content).toBeUndefined();

  const mattermost = await sent('mattermost', message, { mentionOnCritical: ['@grace'] });
  expect(mattermost.text).toBe('@grace');
  expect(JSON.stringify(mattermost.attachments)).not.toMatch(/@\w|<[!@]/);

  const chat = await sent('google-chat', message, { mentionOnCritical: ['123456'] });
  expect(JSON.stringify(chat).match(/<users[^>]*>/g)).toEqual(['<users/123456>']);

  const teams = await sent('teams', message, { mentionOnCritical: ['ada@example.com'] });
  const { body } = teams.attachments[0].content;
  expect(JSON.stringify(body).match(/<at>/g)).toHaveLength(1);

  const telegram = await sent('telegram', message, { mentionOnCritical: ['@grace_h'] });
  expect(telegram.text.match(/(?<![\w.])@\w+/g)).toEqual(['@grace_h']);
  expect(telegram.text).not.toMatch(/href="tg:|(?<![\w/<])\/stop/);
});
