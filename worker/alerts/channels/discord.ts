import { z } from 'zod';
import { address } from '../address.ts';
import { discordAnswers } from '../answers/discord.ts';
import { severityOf } from '../message.ts';
import { cut, escapeMarkdown, markdownLink } from '../text.ts';
import { factsOf, fitFact, linksOf, symbolOf, titleOf, whyOf } from '../words.ts';
import { defineChannel, type FieldMeta, postJson } from './channel.ts';

const colours = { critical: 0xd13438, warning: 0xe0a100, info: 0x2e7d32 };

/** https://docs.discord.com/developers/resources/webhook#execute-webhook */
export const discord = defineChannel({
  label: 'Discord',
  help: 'In Discord, open the channel’s settings, then Integrations, Webhooks, and copy the address of a new one.',
  settings: (rules) =>
    z.strictObject({
      url: address(rules, {
        hosts: ['discord.com', 'discordapp.com', 'ptb.discord.com', 'canary.discord.com'],
        path: /^\/api\/(v\d+\/)?webhooks\/\d+\/[\w-]+$/,
        help: 'A webhook of Discord begins with https://discord.com/api/webhooks/ and ends with its token.',
      }).meta({
        label: 'Webhook address',
        placeholder: 'https://discord.com/api/webhooks/…',
        isSecret: true,
      } satisfies FieldMeta),
    }),
  limits: { text: 4096, unit: 'characters' },
  answers: discordAnswers,
  dedupe: 'None: Discord shows a message that is sent twice twice.',
  request: (message, { url }) => {
    // With `wait` an error is answered instead of swallowed.
    const target = new URL(url);
    target.searchParams.set('wait', 'true');
    return postJson(target.href, {
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: cut(escapeMarkdown(`${symbolOf(message)} ${titleOf(message)}`), 256),
          description: [escapeMarkdown(whyOf(message)), ...linksOf(message).map(markdownLink)].join('\n'),
          color: colours[severityOf(message)],
          timestamp: new Date(message.at).toISOString(),
          fields: factsOf(message).map((fact) => ({
            name: fact.name,
            value: fitFact(fact, { max: 1024, shown: escapeMarkdown }),
            inline: fact.value.length < 40,
          })),
        },
      ],
    });
  },
});
