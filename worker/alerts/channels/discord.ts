import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { toIsoTime } from '../../domain/time/toIsoTime.ts';
import { discordAnswers } from '../answers/discord.ts';
import { factsWithin, type WrittenEvent } from '../messages/factsWithin.ts';
import { fitLine } from '../messages/fit.ts';
import { linksOf } from '../messages/links.ts';
import { discordLink, discordText, linksWithin } from '../messages/markup.ts';
import type { AlertMessage } from '../messages/message.ts';
import { whyOf } from '../messages/names.ts';
import { symbolOf, titleOf } from '../messages/titles.ts';
import { toneColors, toneOf } from '../messages/tone.ts';
import { address } from '../outbox/address.ts';
import { defineChannel, postJson } from './channel.ts';
import { mentionEntry, mentionFields, mentionsFor } from './mentions.ts';

/** Of title, description and fields together. https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const maxEmbed = 6000;
const maxDescription = 4096;
const maxFields = 25;

/** Names are shown without markup: Discord renders it in titles, names of fields and all else of an embed. */
const shown = (text: string, max: number) => fitLine(text, { max, shown: discordText });

const fieldOf = ({ name, value, isShort }: WrittenEvent) => ({ name, value, inline: isShort });

/** Links come first and complete; facts take the remaining room. */
const embedOf = (message: AlertMessage) => {
  const title = shown(`${symbolOf(message)} ${titleOf(message)}`, 256);
  const links = linksWithin(linksOf(message), maxDescription - 1000, discordLink, '\n');
  const description = [shown(whyOf(message), 900), links].filter(Boolean).join('\n');
  const total = maxEmbed - title.length - description.length;
  const fields = factsWithin(message, { total, each: 1024, count: maxFields, shown: discordText });
  const color = Number.parseInt(toneColors[toneOf(message)].slice(1), 16);
  return { title, description, color, timestamp: toIsoTime(message.at), fields: fields.map(fieldOf) };
};

const everybody = ['@here', '@everyone'];

/** `@here`, `@everyone`, the id of a user, or `&` and the id of a role; also as Discord copies them. */
const mention = mentionEntry(
  /^(@here|@everyone|&?\d{17,20})$/,
  'Enter @here, @everyone, the id of a user (17 to 20 digits), or & and the id of a role.',
  (text) =>
    text
      .replace(/^<@!?|>$/g, '')
      .replace(/^@?(here|everyone)$/, '@$1')
      .replace(/^@&/, '&'),
);

const mentionText = (entry: string) => (everybody.includes(entry) ? entry : `<@${entry}>`);

/**
 * Only the mentions in the settings may notify anybody.
 * https://docs.discord.com/developers/resources/message#allowed-mentions-object
 */
const allowed = (mentions: string[]) => ({
  parse: mentions.some((entry) => everybody.includes(entry)) ? ['everyone'] : [],
  ...idsOf(
    'users',
    mentions.filter((entry) => /^\d/.test(entry)),
  ),
  ...idsOf(
    'roles',
    mentions.filter((entry) => entry.startsWith('&')).map((entry) => entry.slice(1)),
  ),
});

const idsOf = (name: 'users' | 'roles', ids: string[]) => (ids.length > 0 ? { [name]: ids } : {});

/** https://docs.discord.com/developers/resources/webhook#execute-webhook */
export const discord = defineChannel({
  label: 'Discord',
  help: 'In Discord, open the channel’s settings, then Integrations, Webhooks, and copy the address of a new one.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        hosts: ['discord.com', 'discordapp.com', 'ptb.discord.com', 'canary.discord.com'],
        path: /^\/api\/(v\d+\/)?webhooks\/\d+\/[\w-]+$/,
        help: 'A Discord webhook address starts with https://discord.com/api/webhooks/ and ends with its token.',
      }).meta({
        label: 'Webhook address',
        placeholder: 'https://discord.com/api/webhooks/…',
        isSecret: true,
      } satisfies FieldMeta),
      ...mentionFields(mention, {
        hint: '@here, @everyone, the id of a user, or & and the id of a role (developer mode, "Copy ID").',
        placeholder: '@here',
      }),
    }),
  limits: { text: 4096, unit: 'characters' },
  answers: discordAnswers,
  dedupe: 'None: Discord shows a duplicate as a second message.',
  request: (message, { url, ...settings }) => {
    const mentions = mentionsFor(message, settings);
    // With `wait` an error is answered instead of swallowed.
    const target = new URL(url);
    target.searchParams.set('wait', 'true');
    return postJson(target.href, {
      ...(mentions.length > 0 ? { content: mentions.map(mentionText).join(' ') } : {}),
      allowed_mentions: allowed(mentions),
      embeds: [embedOf(message)],
    });
  },
});
