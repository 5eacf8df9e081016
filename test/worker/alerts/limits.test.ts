import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../worker/alerts/channels/channel.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { linksOf } from '../../../worker/alerts/messages/links.ts';
import type { AlertMessage, DigestMessage, MonitorMessage } from '../../../worker/alerts/messages/message.ts';
import { regions } from '../../../worker/domain/checks/region.ts';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';
import { digest, down } from './messages.ts';
import { context, texts, vendors } from './vendors.ts';

/** Each is as long as can be, of signs that escapes or encodings make longer. */
const fillings = ['x', '*', '"', '<', '&', '🚨', '漢', '\\', 'é', '@a ', 'https://a.example/_*~() ', ')'];

const longest = (filling: string): MonitorMessage => {
  const text = filling.repeat(Math.ceil(5_000 / filling.length));
  const path = encodeURI(filling.trim()).repeat(500).slice(0, 1_500);
  return {
    ...down,
    monitor: { ...down.monitor, name: text, url: `https://shop.example.com/${path}` },
    why: text,
    cause: text,
    answerLine: text,
    tags: Array.from({ length: 50 }, (_, i) => `${i}${text}`),
    regions: regions.map((region) => ({
      region,
      health: 'down' as const,
      reason: 'status' as const,
      status: 503,
      latencyMs: 120,
      dataCentre: 'FRA',
    })),
    notified: Array.from({ length: 30 }, () => ({
      channel: text,
      kind: 'Slack',
      person: text,
      at: down.since,
      state: 'delivered' as const,
    })),
    next: { at: down.at + 60_000, recipients: Array.from({ length: 30 }, () => text) },
    step: { number: 2, of: 3, round: 1, rounds: 2 },
    runbookUrl: `https://wiki.example.com/${'r'.repeat(1_000)}`,
    teamName: text,
  };
};

const longestDigest = (filling: string): DigestMessage => ({
  ...digest,
  monitors: Array.from({ length: 20 }, (_, i) => ({
    id: `mon_${i}`,
    name: filling.repeat(5_000),
    url: 'https://shop.example.com/',
    event: 'up' as const,
    since: down.since,
    durationMs: 725_000,
    counted: { down: 40_000, unknown: 685_000 },
  })),
  url: `https://pharos.test/monitors?ids=${'mon_0123456789abcdef0123,'.repeat(40)}end`,
});

const mentions: Partial<Record<ChannelKind, string>> = {
  slack: 'U012AB3CD',
  discord: '123456789012345678',
  mattermost: '@ada',
  teams: 'ada@example.com',
  'google-chat': '123456789',
  telegram: '123456789',
};

const sent = async (kind: ChannelKind, message: AlertMessage) => {
  const entry = mentions[kind];
  const more = entry ? { mentionOnCritical: [entry], mentionOnWarning: [entry] } : {};
  const settings = channels[kind]
    .settings({ allowPrivate: false, ownHosts: [] })
    .parse({ ...vendors[kind].settings, ...more });
  const { body } = (await channels[kind].request(message, settings, 'dlv_1', context)) as HttpRequest;
  return body as string;
};

const bytes = (text: string) => new TextEncoder().encode(text).length;

interface Embed {
  title: string;
  description: string;
  fields: { name: string; value: string }[];
}

/** By what each vendor publishes; returns what is too long. */
const excess: Record<(typeof kinds)[number], (body: string) => unknown[]> = {
  slack: (body) => {
    const { text, blocks } = JSON.parse(body);
    const sections = blocks.flatMap((block: { text?: { text: string } }) => (block.text ? [block.text.text] : []));
    const fields = blocks.flatMap((block: { fields?: { text: string }[] }) => block.fields ?? []);
    return [
      ...[text, ...sections].filter((one) => one.length === 0 || one.length > 3_000),
      ...fields.filter((field: { text: string }) => field.text.length > 2_000),
      ...blocks.filter((block: { fields?: unknown[] }) => (block.fields?.length ?? 1) > 10),
      ...(blocks.length > 50 ? [blocks.length] : []),
    ];
  },
  discord: (body) => {
    const { content, embeds } = JSON.parse(body) as { content: string; embeds: [Embed] };
    const [{ title, description, fields }] = embeds;
    const total = [title, description, ...fields.flatMap(({ name, value }) => [name, value])].join('').length;
    return [
      ...(content.length > 2_000 ? [content] : []),
      ...(title.length > 256 ? [title] : []),
      ...(description.length > 4_096 ? [description] : []),
      ...fields.filter(({ name, value }) => !name || !value || name.length > 256 || value.length > 1_024),
      ...(fields.length > 25 ? [fields.length] : []),
      ...(total > 6_000 ? [total] : []),
    ];
  },
  // The limit of a server before version 5.
  mattermost: (body) => {
    const { text, attachments } = JSON.parse(body);
    const length = [...JSON.stringify(attachments)].length;
    return [...(text.length > 16_383 ? [text] : []), ...(length > 7_600 ? [length] : [])];
  },
  teams: (body) => (bytes(body) > 28_000 ? [bytes(body)] : []),
  'google-chat': (body) => (bytes(body) > 32_000 ? [bytes(body)] : []),
  telegram: (body) => {
    const html: string = JSON.parse(body).text;
    const shown = html.replace(/<[^>]*>/g, '').replace(/&(lt|gt|amp|quot|#39);/g, 'x');
    const entities = html.match(/<(b|a)\b/g)?.length ?? 0;
    return [...(shown.length > 4_096 ? [shown.length] : []), ...(entities > 100 ? [entities] : [])];
  },
  'incident-io': (body) => {
    const { title, description } = JSON.parse(body);
    return [title.length > 500, description.length > 10_000, bytes(body) > 100_000].filter(Boolean);
  },
  pagerduty: (body) => {
    const { payload, dedup_key: key } = JSON.parse(body);
    return [payload.summary.length > 1_024, key.length > 255, payload.group.length > 255, bytes(body) > 512_000].filter(
      Boolean,
    );
  },
};

const kinds = [
  'slack',
  'discord',
  'mattermost',
  'teams',
  'google-chat',
  'telegram',
  'incident-io',
  'pagerduty',
] as const;

describe.each(kinds)('the longest message to %s', (kind) => {
  test.each(fillings)('of "%s" keeps to its limits, and the links that lead to Pharos whole', async (filling) => {
    for (const message of [longest(filling), longestDigest(filling)]) {
      const body = await sent(kind, message);
      expect(excess[kind](body)).toEqual([]);
      const said = texts(JSON.parse(body)).join('\n').replaceAll('&amp;', '&');
      expect(said.isWellFormed()).toBe(true);
      for (const { url } of linksOf(message).filter((link) => link.url.startsWith('https://pharos.test')))
        expect(said).toContain(url);
    }
  });
});
