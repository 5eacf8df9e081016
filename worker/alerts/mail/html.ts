import { factsOf } from '../messages/facts.ts';
import { linksOf } from '../messages/links.ts';
import type { AlertMessage } from '../messages/message.ts';
import { whyOf } from '../messages/names.ts';
import { escapeHtml } from '../messages/text.ts';
import { symbolOf, titleOf } from '../messages/titles.ts';
import { type Tone, toneOf } from '../messages/tone.ts';

/**
 * Light mode as attributes, because some mail readers drop the style sheet; dark mode in the style sheet, because nothing else
 * can detect it.
 */
const night = `@media (prefers-color-scheme: dark) {
  body, .page { background: #0d1422 !important; color: #e8edf6 !important; }
  th { color: #a9b5ca !important; }
  .button { border-color: #8fbaff !important; color: #8fbaff !important; }
  .plain { color: #8fbaff !important; }
  .first { background: #8fbaff !important; color: #0d1422 !important; }
}`;

/** Dark enough for a line on white and on the dark page. */
const colors: Record<Tone, string> = {
  critical: '#c0362c',
  warning: '#a66300',
  acknowledged: '#2b62ad',
  good: '#1c7c4c',
  neutral: '#6b7280',
};

const cell = 'padding:6px 0;vertical-align:top;text-align:left;overflow-wrap:anywhere';

const row = (name: string, value: string) =>
  `<tr><th scope="row" width="104" style="${cell};padding-right:12px;font-weight:600;color:#55617a">${escapeHtml(name)}</th>` +
  `<td style="${cell}">${escapeHtml(value).replaceAll('\n', '<br>')}</td></tr>`;

const link = ({ label, url }: { label: string; url: string }, isFirst: boolean) => {
  const filled = isFirst ? 'background:#1d4f98;color:#ffffff' : 'color:#1d4f98';
  const style = `display:inline-block;margin:0 8px 8px 0;padding:10px 18px;border:1px solid #1d4f98;border-radius:8px;font-weight:600;text-decoration:none;${filled}`;
  return `<a class="button${isFirst ? ' first' : ''}" href="${escapeHtml(url)}" style="${style}">${escapeHtml(label)}</a>`;
};

/** A page for a mail reader, in light and dark mode, on a phone and on a desktop. `content` is HTML. */
export const mailPage = (title: string, content: readonly string[]): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(title)}</title><style>${night}</style></head>`,
    '<body style="margin:0;background:#ffffff;color:#1a2233;font:16px/1.5 system-ui,sans-serif">',
    '<div class="page" style="max-width:600px;margin:0 auto;padding:20px 16px;background:#ffffff;color:#1a2233;overflow-wrap:anywhere">',
    ...content,
    '</div></body></html>',
  ].join('\n');

/** The whole message as a page for a mail reader: no script, no picture, no external resources. */
export const htmlText = (message: AlertMessage, leaveUrl?: string): string =>
  mailPage(titleOf(message), [
    `<h1 style="margin:0 0 12px;padding-left:12px;border-left:4px solid ${colors[toneOf(message)]};font-size:21px;line-height:1.3">`,
    `${symbolOf(message)} ${escapeHtml(titleOf(message))}</h1>`,
    `<p style="margin:0 0 16px">${escapeHtml(whyOf(message))}</p>`,
    `<p style="margin:0 0 12px">${linksOf(message)
      .map((one, i) => link(one, i === 0))
      .join('')}</p>`,
    '<table width="100%" style="border-collapse:collapse;table-layout:fixed">',
    ...factsOf(message).map(({ name, value }) => row(name, value)),
    '</table>',
    leaveUrl
      ? `<p class="leave" style="margin:20px 0 0;font-size:14px"><a class="plain" href="${escapeHtml(leaveUrl)}" style="color:#1d4f98">Stop these alerts</a></p>`
      : '',
  ]);
