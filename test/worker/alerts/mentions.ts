import { parseFragment } from 'parse5';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';
import { objectsIn, slackTags } from './readLinks.ts';
import { texts } from './vendors.ts';

type Json = { [key: string]: unknown };

const shownHtml = (html: string): string => {
  const fragment = parseFragment(html);
  const text = (node: { value?: string; childNodes?: unknown[]; nodeName: string }): string =>
    node.nodeName === 'a' ? '' : (node.value ?? (node.childNodes ?? []).map((child) => text(child as never)).join(''));
  return text(fragment as never);
};

/** Names that a chat would call: at the beginning of a word, as theirs are found. */
const calls = (text: string) => text.match(/(?<![\w@])@[a-z0-9_]{2,}/gi) ?? [];

const readers: Partial<Record<ChannelKind, (body: Json) => string[]>> = {
  slack: (body) => [
    ...[body, ...objectsIn(body).filter(({ type }) => type === 'mrkdwn')]
      .flatMap(({ text }) => slackTags(String(text)))
      .filter((inner) => /^[!@#]/.test(inner)),
    ...objectsIn(body).flatMap(({ type }) =>
      ['user', 'usergroup', 'broadcast'].includes(String(type)) ? [String(type)] : [],
    ),
  ],
  discord: ({ allowed_mentions: allowed }) =>
    JSON.stringify(allowed) === '{"parse":[]}' ? [] : [`allowed_mentions ${JSON.stringify(allowed)}`],
  teams: (body) => texts(objectsIn(body).map(({ entities }) => entities)),
  telegram: ({ text }) => [...calls(shownHtml(String(text))), ...(String(text).match(/href="tg:[^"]*/g) ?? [])],
  // The header of a card is plain text.
  'google-chat': ({ text, fallbackText, cardsV2 }) =>
    texts([text, fallbackText, objectsIn(cardsV2).map(({ sections }) => sections)]).flatMap(
      (text) => text.match(/<users\/[^>]*>/g) ?? [],
    ),
  mattermost: ({ text, attachments }) =>
    texts([text, attachments])
      .map((one) => one.replaceAll('\\', ''))
      .flatMap(calls),
};

/** The mentions in this message, by the rules of the vendor. */
export const readMentions = (kind: ChannelKind, body: unknown): string[] => readers[kind]?.(body as Json) ?? [];
