import { parse as parseDiscord } from 'discord-markdown-parser';
import { marked } from 'marked';
import { micromark } from 'micromark';
import type { GalleryEntry } from '../../../.scripts/lib/alerts/galleryEntry.ts';
import { escapeHtml } from '../../../worker/alerts/messages/text.ts';
import type { ChannelKind } from '../../../worker/domain/delivery/channelKind.ts';

type Shown = Pick<GalleryEntry, 'title' | 'colour' | 'parts' | 'buttons' | 'notes' | 'page'>;
type Json = { [key: string]: unknown };

const list = (value: unknown): Json[] => (Array.isArray(value) ? value : []);
const said = (value: unknown): string => (typeof value === 'string' ? value : '');
const plain = (value: unknown) => escapeHtml(said(value)).replaceAll('\n', '<br>');
const fact = (name: string, value: string) => `<b>${name}</b><br>${value}`;
const anchor = (url: string, label: string) => `<a href="${escapeHtml(url)}">${label}</a>`;
const shown = (title: string, more: Partial<Shown>): Shown => ({
  ...{ title, colour: null, parts: [], buttons: [], notes: [], page: null },
  ...more,
});

/** What this gallery does not know how to show is shown as it is. */
const unknown = (value: unknown) => `<code>${escapeHtml(JSON.stringify(value))}</code>`;

const slackText = (value: unknown) => {
  const { type, text } = (value ?? {}) as Json;
  if (type !== 'mrkdwn') return plain(text);
  return said(text)
    .replace(/<([^<>|]*)\|?([^<>]*)>/g, (_, url, label) =>
      /^[!@#]/.test(url) ? `<mark>${escapeHtml(url)}</mark>` : `<a href="${url}">${label || url}</a>`,
    )
    .replace(/(^|\s)\*([^*\n]+)\*/g, '$1<b>$2</b>')
    .replaceAll('\n', '<br>');
};

const slackElement = (element: Json): string => {
  if (element.type === 'link') return anchor(said(element.url), plain(element.text ?? element.url));
  if (element.type === 'text')
    return (element.style as Json | undefined)?.bold ? `<b>${plain(element.text)}</b>` : plain(element.text);
  if (element.type === 'plain_text' || element.type === 'mrkdwn') return slackText(element);
  if (Array.isArray(element.elements)) return list(element.elements).map(slackElement).join('');
  return unknown(element);
};

const slackBlock = (block: Json): string[] => {
  if (block.type === 'header') return [];
  if (block.type === 'divider') return ['<hr>'];
  if (block.type === 'section')
    return [...(block.text ? [slackText(block.text)] : []), ...list(block.fields).map(slackText)];
  if (block.type === 'context') return [list(block.elements).map(slackElement).join(' ')];
  if (block.type === 'rich_text') return list(block.elements).map(slackElement);
  return block.type === 'actions' ? [] : [unknown(block)];
};

const discordHtml = (value: unknown): string => {
  const html = (node: Json): string => {
    const inner = Array.isArray(node.content) ? list(node.content).map(html).join('') : plain(node.content);
    if (typeof node.target === 'string') return anchor(node.target, inner);
    if (node.type === 'br' || node.type === 'newline') return '<br>';
    if (node.type === 'text') return plain(node.content);
    if (node.type === 'twemoji') return plain(node.name);
    if (['strong', 'em', 'underline', 'inlineCode', 'codeBlock'].includes(said(node.type))) return `<b>${inner}</b>`;
    return `<mark>${inner || said(node.type)}</mark>`;
  };
  return (parseDiscord(said(value), 'extended') as unknown as Json[]).map(html).join('');
};

const mattermostHtml = (value: unknown) => marked.parse(said(value), { async: false, gfm: true, breaks: true });

const teamsColours: Record<string, string> = {
  Attention: '#c4314b',
  Warning: '#e0a100',
  Good: '#2e7d32',
  Accent: '#4f6bed',
};

const teamsPart = (element: Json): string => {
  if (element.type === 'RichTextBlock')
    return list(element.inlines)
      .map(({ text, weight }) => (weight === 'Bolder' ? `<b>${plain(text)}</b>` : plain(text)))
      .join('');
  return unknown(element);
};

const chatWidget = (widget: Json): string => {
  const { textParagraph, decoratedText } = widget as { textParagraph?: Json; decoratedText?: Json };
  if (textParagraph) return said(textParagraph.text);
  if (decoratedText) return fact(plain(decoratedText.topLabel), said(decoratedText.text));
  return 'buttonList' in widget ? '' : unknown(widget);
};

const chatButtons = (widget: Json) =>
  list((widget.buttonList as Json | undefined)?.buttons).map(({ text, onClick }) => ({
    label: said(text),
    url: said(((onClick as Json).openLink as Json).url),
  }));

const hex = (colour: unknown) => (typeof colour === 'number' ? `#${colour.toString(16).padStart(6, '0')}` : null);

const views: Record<ChannelKind, (body: Json) => Shown> = {
  email: ({ subject, text, html, to }) =>
    shown(plain(subject), { parts: [plain(text)], page: said(html), notes: [`to ${String(to)}`] }),
  webhook: (body) => shown(plain(body.title), { parts: [`<pre>${escapeHtml(JSON.stringify(body, null, 1))}</pre>`] }),
  slack: ({ text, blocks, attachments }) => {
    const all = [...list(blocks), ...list(attachments).flatMap((one) => list(one.blocks))];
    return shown(slackText(all.find(({ type }) => type === 'header')?.text), {
      colour: said(list(attachments)[0]?.color) || null,
      parts: all.flatMap(slackBlock),
      buttons: all.flatMap(({ type, elements }) =>
        type === 'actions'
          ? list(elements).map(({ text, url }) => ({ label: said((text as Json).text), url: said(url) }))
          : [],
      ),
      notes: [`notification: ${plain(text)}`],
    });
  },
  discord: ({ embeds, content }) => {
    const [embed = {}] = list(embeds);
    const { title, url, description, color, fields } = embed;
    return shown(url ? anchor(said(url), discordHtml(title)) : discordHtml(title), {
      colour: hex(color),
      parts: [
        discordHtml(description),
        ...list(fields).map(({ name, value }) => fact(plain(name), discordHtml(value))),
      ],
      notes: content ? [`content: ${plain(content)}`] : [],
    });
  },
  teams: ({ attachments, summary }) => {
    const card = (list(attachments)[0]?.content ?? {}) as Json;
    const [title = {}, ...rest] = list(card.body);
    return shown(teamsPart(title), {
      colour: teamsColours[said(list(title.inlines)[0]?.color)] ?? null,
      parts: rest.map(teamsPart),
      buttons: list(card.actions).map(({ title, url }) => ({ label: said(title), url: said(url) })),
      notes: summary || card.fallbackText ? [`summary: ${plain(summary ?? card.fallbackText)}`] : [],
    });
  },
  telegram: ({ text, disable_notification: silent }) => {
    const [title = '', ...rest] = said(text).split('\n');
    return shown(title, { parts: [rest.join('<br>')], notes: silent ? ['silent'] : [] });
  },
  'google-chat': ({ cardsV2, fallbackText }) => {
    const { header = {}, sections } = (list(cardsV2)[0]?.card ?? {}) as { header?: Json; sections?: unknown };
    const widgets = list(sections).flatMap(({ widgets }) => list(widgets));
    return shown(plain(header.title), {
      parts: [plain(header.subtitle), ...widgets.map(chatWidget)].filter(Boolean),
      buttons: widgets.flatMap(chatButtons),
      notes: [`notification: ${plain(fallbackText)}`],
    });
  },
  mattermost: ({ text, attachments }) => {
    const [one = {}] = list(attachments);
    return shown(mattermostHtml(one.title), {
      colour: said(one.color) || null,
      parts: [
        ...(text ? [mattermostHtml(text)] : []),
        mattermostHtml(one.text),
        ...list(one.fields).map(({ title, value }) => fact(plain(title), mattermostHtml(value))),
      ],
      notes: [`notification: ${plain(one.fallback)}`],
    });
  },
  pagerduty: ({ event_action: action, payload, links, client_url: clientUrl }) => {
    const { summary, severity, custom_details: details, source, component, group, class: of } = payload as Json;
    return shown(plain(summary), {
      parts: Object.entries(details as Json).map(([name, value]) =>
        fact(escapeHtml(name), typeof value === 'string' ? plain(value) : unknown(value)),
      ),
      buttons: [
        ...list(links).map(({ href, text }) => ({ label: said(text), url: said(href) })),
        ...(clientUrl ? [{ label: 'View in Pharos', url: said(clientUrl) }] : []),
      ],
      notes: [
        `${action}, ${severity}; source ${plain(source)}; component ${plain(component)}; group ${plain(group)}; class ${plain(of)}`,
      ],
    });
  },
  'incident-io': ({ title, description, status, source_url: url, metadata }) =>
    shown(plain(title), {
      parts: [micromark(said(description)), unknown(metadata)],
      buttons: url ? [{ label: 'Source', url: said(url) }] : [],
      notes: [said(status)],
    }),
  ntfy: ({ title, message, priority, tags, actions, click }) =>
    shown(plain(title), {
      parts: [plain(message)],
      buttons: list(actions).map(({ label, url }) => ({ label: said(label), url: said(url) })),
      notes: [`priority ${priority}; tags ${tags}; click ${click}`],
    }),
  pushover: ({ title, message, priority, url, url_title: label, tags }) =>
    shown(plain(title), {
      parts: [plain(message)],
      buttons: url ? [{ label: said(label), url: said(url) }] : [],
      notes: [`priority ${priority}${tags ? `; tags ${tags}` : ''}`],
    }),
  gotify: ({ title, message, priority }) =>
    shown(plain(title), { parts: [plain(message)], notes: [`priority ${priority}`] }),
  twilio: ({ Body }) => shown('', { parts: [plain(Body)], notes: [smsParts(said(Body))] }),
  'web-push': ({ title, body, actions, url }) =>
    shown(plain(title), {
      parts: [plain(body)],
      buttons: list(actions).map(({ title, url }) => ({ label: said(title), url: said(url) })),
      notes: [`click ${url}`],
    }),
};

/** GSM 03.38 has these and a few more that count twice; any other sign makes each part 70 long. */
const gsm = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-zÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùü£¤¥§¿¡ΔΦΓΛΩΠΨΣΘΞ^{}\\[~\]|€]*$/;

const smsParts = (text: string) => {
  const [one, each, name] = gsm.test(text) ? [160, 153, 'GSM'] : [70, 67, 'UCS-2'];
  const parts = text.length <= one ? 1 : Math.ceil(text.length / each);
  return `${text.length} characters ${name}, ${parts} part${parts === 1 ? '' : 's'}`;
};

/** About how the vendor shows this body. */
export const viewOf = (kind: ChannelKind, body: unknown): Shown => views[kind](body as Json);
