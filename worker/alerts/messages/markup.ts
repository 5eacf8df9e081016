import type { Link } from './links.ts';
import { escapeHtml } from './text.ts';

/**
 * Escapes untrusted texts for the markup of each destination, so that they show unchanged: no format, no mention, no link with a
 * label of its own. Addresses stay unescaped, because a backslash in one changes its target.
 */

/** Invisible; separates text that a receiver would read as one word: a mention, an emoji, a command. */
const gap = '\u200b';

const percent = (sign: string) =>
  sign > '\u007f' ? encodeURIComponent(sign) : `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** The beginning of an address: receivers link it, so none of its characters may be escaped. */
const addressPattern = /(?:[a-z][a-z0-9+.-]{0,20}:\/\/|www\.)[^\s<>]*/gi;

/** Characters that end a sentence and not the address in it, for all receivers. */
const closing = '.,:;!?\'"*_~`|]\\';

const lengthOfAddress = (candidate: string): number => {
  let opened = candidate.split('(').length - candidate.split(')').length;
  let end = candidate.length;
  for (; end > 0; end -= 1) {
    const last = candidate.charAt(end - 1);
    const isUnopened = last === ')' && opened < 0;
    if (!isUnopened && !closing.includes(last)) break;
    // The end of an entity stays with it, so that it is escaped.
    if (last === ';' && /&#?\w{1,32};$/.test(candidate.slice(Math.max(0, end - 36), end))) break;
    if (isUnopened) opened += 1;
  }
  return end;
};

const isIpv6 = /^\[[0-9a-f:.]+\](:\d+)?$/i;

/** Percent-encodes characters with a meaning in some markup; the address has the same target. */
const inertAddress = (address: string): string => {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)(.*)$/is.exec(address) ?? [];
  return scheme + (isIpv6.test(authority) ? authority : inertPart(authority)) + inertPart(rest);
};

const inertPart = (part: string) =>
  part
    .replace(/[\\`*[\](){}|~^@!'"]/g, percent)
    .replace(/(?<![a-z0-9])_|_(?![a-z0-9])/gi, percent)
    .replace(/:(?=[\w+-]+:)/g, percent)
    .replace(/(&#?\w+);/g, '$1%3B');

/** A truncated address has another target, so it is no link. */
const isCut = (address: string) => address.endsWith('…');

const isWhole = /^(?:[a-z][a-z0-9+.-]*:\/\/|www\.)[^\s]/i;

const unlinked = (address: string) => address.replace(/www\./gi, `www${gap}.`).replaceAll('://', `:${gap}//`);

interface Flavour {
  text: (text: string) => string;
  address?: (address: string) => string;
  /** The addresses that the destination links and people may open from there. */
  links?: RegExp;
  /** It decodes escapes before it searches for addresses, so none behind an address counts as part of it. */
  decodesFirst?: boolean;
}

/** Characters before an address that no receiver includes in it, and that need no escape. Others would have to be escaped. */
const endsByItself = /^[.,:;!?)'"]*(\s|$)/;
const maxClosing = 50;

/** The last word together with the address that follows: `@` and `:` are separated from it as from any word. */
const beforeAddress = (part: string, write: (text: string) => string) => write(`${part}a:`).slice(0, -2);

/** `text` with one rule for its addresses and another for the rest. */
const written = (text: string, flavour: Flavour): string => {
  let result = '';
  let end = 0;
  for (const { 0: candidate, index } of text.matchAll(addressPattern)) {
    const address = candidate.slice(0, lengthOfAddress(candidate));
    const isLink = !isCut(address) && (flavour.links ?? isWhole).test(address);
    result += beforeAddress(text.slice(end, index), flavour.text);
    result += isLink
      ? (flavour.address?.(inertAddress(address)) ?? inertAddress(address))
      : flavour.text(unlinked(address));
    end = index + address.length;
    if (isLink && !flavour.decodesFirst && !endsByItself.test(text.slice(end, end + maxClosing))) result += ' ';
  }
  return result + flavour.text(text.slice(end));
};

/** Characters that open a heading, a quotation, a list or a rule at the beginning of a line. */
const byLine = (text: string, escapeStart: (line: string) => string) =>
  text
    .split('\n')
    .map((line) => escapeStart(line))
    .join('\n');

const listStart = (line: string) =>
  line
    .replace(/^[ \t]+/, '')
    .replace(/^([-+=])(?=\s|$|\1)/, '\\$1')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');

/**
 * Markdown of Discord, which has no entities, and emoji and timestamps of its own. Escapes the syntax that its client parses:
 * https://support.discord.com/hc/en-us/articles/210298617 and https://docs.discord.com/developers/reference#message-formatting
 */
export const discordText = (text: string): string =>
  byLine(
    written(text, {
      text: (part) =>
        part
          .replace(/[\\`*_~|<>[\]#]/g, '\\$&')
          .replace(/:(?=[\w+-]+:)/g, '\\:')
          .replaceAll('@', `@${gap}`),
    }),
    listStart,
  );

/**
 * CommonMark and what GitHub adds to it. Signs that steer parsers before Markdown does are written as entities.
 * https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export const markdownText = (text: string): string => markdownOf(text, (part) => part);

const markdownOf = (text: string, andAlso: (part: string) => string): string =>
  byLine(
    written(text, {
      text: (part) =>
        andAlso(
          part
            .replace(/[\\`*_~|[\]#]/g, '\\$&')
            .replaceAll('&', '&amp;')
            .replaceAll('<', '&lt;')
            .replaceAll('>', '&gt;')
            .replaceAll('@', `@${gap}`),
        ),
    }),
    (line) => listStart(line).replace(/^\\=/, `${gap}=`),
  );

/**
 * Markdown of Mattermost: beside GitHub's it knows emoji, hashtags, channels (`~name`), formulas (`$…$`), and what Slack
 * writes in angle brackets. https://docs.mattermost.com/end-user-guide/collaborate/format-messages.html
 */
export const mattermostText = (text: string): string =>
  markdownOf(text, (part) =>
    part
      .replace(/:(?=[\w+-]+:)/g, `:${gap}`)
      .replace(/[#~](?=[\p{L}\p{N}_])/gu, `$&${gap}`)
      .replaceAll('$', '&#36;'),
  );

/**
 * HTML of Telegram. Mentions, hashtags, cashtags and commands in plain text are separated: bots cannot turn that detection off.
 * https://core.telegram.org/bots/api#html-style
 */
export const telegramText = (text: string): string =>
  written(text, {
    text: (part) =>
      escapeHtml(
        part.replace(/[@#$](?=[\p{L}\p{N}_])/gu, `$&${gap}`).replace(/(?<![\p{L}\p{N}_/<>])\/(?=\w)/gu, `/${gap}`),
      ),
    address: escapeHtml,
    decodesFirst: true,
    links: /^(?:https?:\/\/|www\.)[^\s]/i,
  });

/** Slack's own three. https://docs.slack.dev/messaging/formatting-message-text/#escaping */
export const slackText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The tags that cards of Google Chat know. https://developers.google.com/workspace/chat/format-messages#card-formatting */
export const googleChatText = slackText;

/** For plain text in which a receiver may search for mentions nevertheless. */
export const withoutMentions = (text: string) => text.replace(/@(?=\w)|<(?=[!@]|users\/)/g, `$&${gap}`);

/** `<at>` is a mention in Teams. */
export const withoutTags = (text: string) => text.replace(/<(?=\/?at>)/gi, `<${gap}`);

/** Percent-encodes characters that would end an address in `[label](url)` or `<url|label>`. */
const linkTarget = (url: string) => {
  // The brackets of an IPv6 address belong to it: a browser refuses any other form.
  const [, origin = '', rest = url] = /^(https?:\/\/\[[0-9a-f:.]+\](?::\d+)?)(.*)$/is.exec(url) ?? [];
  return origin + rest.replace(/[\s<>()[\]\\"`*|]/g, percent).replace(/(&#?\w+);/g, '$1%3B');
};

export const discordLink = ({ label, url }: Link) => `[${discordText(label)}](${linkTarget(url)})`;

export const markdownLink = ({ label, url }: Link) => `[${markdownText(label)}](${linkTarget(url)})`;

export const slackLink = ({ label, url }: Link) =>
  `<${linkTarget(url).replaceAll('&', '&amp;')}|${slackText(label).replaceAll('|', '¦')}>`;

export const htmlLink = ({ label, url }: Link) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`;

/** The first links, as many as fit into `max` characters with their separators; none is cut. */
export const linksWithin = (links: Link[], max: number, write: (link: Link) => string, join: string): string => {
  let result = '';
  for (const link of links) {
    const longer = result === '' ? write(link) : result + join + write(link);
    if (longer.length <= max) result = longer;
  }
  return result;
};
