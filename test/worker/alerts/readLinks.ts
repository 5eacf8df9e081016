import { parse as parseDiscord } from 'discord-markdown-parser';
import { marked, type Token } from 'marked';
import { micromark } from 'micromark';
import { type DefaultTreeAdapterTypes as Html, parseFragment, parse as parsePage } from 'parse5';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';

/** A link as the reader of a message sees it; one that shows its own address has it as label. */
export interface SeenLink {
  label: string;
  url: string;
}

type Json = { [key: string]: unknown };

const each = (value: unknown): Json[] => (Array.isArray(value) ? value : []);
const said = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Of an address in one form, however its signs are written; null where a browser does not open it. */
export const placeOf = (url: string): string | null =>
  URL.canParse(url)
    ? new URL(url).href.replace(/%(2[17-9A]|5[BD]|60|7[CE])/gi, (_, code) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : null;

/** Objects anywhere in a value. */
export const objectsIn = (value: unknown): Json[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Json, ...inner];
};

/** Where telephones and plain readers see an address: up to a space, without the sign that ends the sentence. */
const bareLinks = (text: string): SeenLink[] =>
  [...text.matchAll(/https?:\/\/[^\s<>"]+/g)]
    .map(([url]) => url.replace(/[.,;:!?]$/, ''))
    .map((url) => ({ label: url, url }));

const nodeText = (node: Html.Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(nodeText).join('') : '';

const anchorsIn = (node: Html.Node): SeenLink[] => {
  const inner = 'childNodes' in node ? node.childNodes.flatMap(anchorsIn) : [];
  const href =
    'attrs' in node && node.nodeName === 'a' ? node.attrs.find(({ name }) => name === 'href')?.value : undefined;
  return href === undefined ? inner : [{ label: nodeText(node), url: href }, ...inner];
};

const htmlLinks = (html: string) => anchorsIn(parseFragment(html));

/** Their decoder of `mrkdwn`: three entities, and `<address|label>`. https://docs.slack.dev/messaging/formatting-message-text */
const slackText = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

export const slackTags = (text: string) => [...text.matchAll(/<([^<>]*)>/g)].map(([, inner = '']) => inner);

const slackLinks = (text: string): SeenLink[] =>
  slackTags(text)
    .filter((inner) => !/^[!@#]/.test(inner))
    .map((inner) => inner.split('|'))
    .map(([url = '', label = url]) => ({ label: slackText(label), url: slackText(url) }));

interface DiscordNode {
  type: string;
  target?: string;
  content?: string | DiscordNode[];
}

const discordText = (node: DiscordNode): string =>
  typeof node.content === 'string' ? node.content : (node.content ?? []).map(discordText).join('');

const discordLinks = (text: string): SeenLink[] => {
  const read = (node: DiscordNode): SeenLink[] =>
    node.target === undefined
      ? (Array.isArray(node.content) ? node.content : []).flatMap(read)
      : [{ label: discordText(node), url: node.target }];
  return (parseDiscord(text, 'extended') as DiscordNode[]).flatMap(read);
};

const markedLinks = (text: string): SeenLink[] => {
  const found: SeenLink[] = [];
  // The tokens hold what was written; the page holds what is shown.
  marked.walkTokens(marked.lexer(text, { gfm: true }), (token: Token) => {
    if (token.type === 'link' || token.type === 'image')
      found.push({ label: nodeText(parseFragment(marked.parseInline(token.text, { async: false }))), url: token.href });
  });
  return found;
};

/** It also escapes the brackets of an IPv6 host, which Markdown leaves as they are. */
const withHost = ({ label, url }: SeenLink) => ({
  label,
  url: url.replace(/^(https?:\/\/)%5B([0-9a-f:.]+)%5D/i, '$1[$2]'),
});

const optional = (label: string, url: unknown): SeenLink[] => (typeof url === 'string' ? [{ label, url }] : []);

const readers: Record<ChannelKind, (body: Json) => SeenLink[]> = {
  email: ({ html }) => anchorsIn(parsePage(said(html))),
  // The address of the monitor itself is a fact there, not a link.
  webhook: ({ acknowledgeUrl, monitor, incident, digest, channel, runbookUrl }) => [
    ...optional('Acknowledge', acknowledgeUrl),
    ...[monitor, channel].flatMap((one) => optional('page', (one as Json).page)),
    ...[incident, digest].flatMap((one) => optional('url', (one as Json).url)),
    ...optional('Runbook', runbookUrl),
  ],
  slack: (body) => [
    ...slackLinks(said(body.text)),
    ...objectsIn(body).flatMap((one) => {
      if (one.type === 'mrkdwn') return slackLinks(said(one.text));
      if (one.type === 'link') return [{ label: said(one.text) || said(one.url), url: said(one.url) }];
      return one.type === 'button' ? optional(said((one.text as Json).text), one.url) : [];
    }),
  ],
  discord: ({ content, embeds }) => [
    ...discordLinks(said(content)),
    ...each(embeds).flatMap(({ title, url, description, fields, footer }) => [
      ...discordLinks(said(title)),
      ...optional(said(title), url),
      ...discordLinks(said(description)),
      ...each(fields).flatMap(({ name, value }) => [...discordLinks(said(name)), ...discordLinks(said(value))]),
      ...bareLinks(said((footer as Json | undefined)?.text)),
    ]),
  ],
  teams: (body) =>
    objectsIn(body).flatMap((one) => {
      if (one.type === 'Action.OpenUrl') return optional(said(one.title), one.url);
      return one.type === 'TextBlock' ? markedLinks(said(one.text)) : [];
    }),
  telegram: ({ text, reply_markup: markup }) => [
    ...htmlLinks(said(text)),
    ...objectsIn(markup).flatMap((one) => optional(said(one.text), one.url)),
  ],
  'google-chat': (body) =>
    objectsIn(body).flatMap((one) => [
      ...htmlLinks(said(one.text)),
      ...('onClick' in one ? optional(said(one.text), ((one.onClick as Json).openLink as Json | undefined)?.url) : []),
    ]),
  mattermost: ({ text, attachments }) => [
    ...markedLinks(said(text)),
    ...each(attachments).flatMap(({ title, title_link: url, text, pretext, fields }) => [
      ...optional(said(title), url),
      ...markedLinks(said(title)),
      ...markedLinks(said(pretext)),
      ...markedLinks(said(text)),
      ...each(fields).flatMap(({ value }) => markedLinks(said(value))),
    ]),
  ],
  pagerduty: ({ links, client, client_url: url }) => [
    ...each(links).flatMap(({ href, text }) => optional(said(text), href)),
    ...optional(said(client), url),
  ],
  // Their descriptions are CommonMark, which micromark is tested to read as written.
  'incident-io': ({ description, source_url: url }) => [
    ...htmlLinks(micromark(said(description))).map(withHost),
    ...optional('source', url),
  ],
  ntfy: ({ click, actions }) => [
    ...optional('click', click),
    ...each(actions).flatMap(({ label, url }) => optional(said(label), url)),
  ],
  pushover: ({ message, url, url_title: title }) => [...bareLinks(said(message)), ...optional(said(title), url)],
  gotify: ({ message, extras }) => [
    ...bareLinks(said(message)),
    ...objectsIn(extras).flatMap(({ url }) => optional('click', url)),
  ],
  twilio: ({ Body }) => bareLinks(said(Body)),
  'web-push': ({ url, actions }) => [
    ...optional('click', url),
    ...each(actions).flatMap(({ title, url }) => optional(said(title), url)),
  ],
};

/** The links that a reader of this message can follow, as the vendor's own rules find them in its body. */
export const readLinks = (kind: ChannelKind, body: unknown): SeenLink[] => readers[kind](body as Json);
