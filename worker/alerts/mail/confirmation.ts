import { escapeHtml } from '../messages/text.ts';
import { timeText } from '../messages/time.ts';
import { mailPage } from './html.ts';
import { messageId } from './identity.ts';
import type { Mail } from './mail.ts';

interface Given {
  to: string;
  /** Names the mail; the same in every attempt. */
  key: string;
  /** The page on which the recipient confirms or refuses. */
  url: string;
  publicOrigin: string;
  /** Of the Message-ID (`mailDomain`). */
  domain: string | null;
  /** Until when the link works, ms since the epoch. */
  until: number;
}

/**
 * Asks recipients whether they want alerts. The wording is fixed, so that no team can send a message of its own to a stranger.
 * The address is not quoted either: the part after a `+` is the team's text.
 */
export const confirmationMail = ({ to, key, url, publicOrigin, domain, until }: Given): Mail => {
  const { host } = new URL(publicOrigin);
  const subject = 'Confirm that you want alerts from Pharos';
  const paragraphs = [
    `A Pharos user at ${host} added this address as a recipient of alerts. Pharos monitors websites and sends an alert when one is down.`,
    'To receive these alerts, open this page and confirm:',
    'If you did not expect this mail, ignore it, or decline on the same page. Pharos sends no alerts to this address without your confirmation.',
    `The link works until ${timeText(until, 'UTC')}.`,
  ] as const;
  const [intro, confirm, otherwise, expiry] = paragraphs;
  const text = [intro, `${confirm}\n${url}`, otherwise, expiry].join('\n\n');
  const paragraph = (content: string) => `<p style="margin:0 0 16px">${content}</p>`;
  const html = mailPage(subject, [
    paragraph(escapeHtml(intro)),
    paragraph(`${confirm}<br><a class="plain" href="${escapeHtml(url)}" style="color:#1d4f98">${escapeHtml(url)}</a>`),
    paragraph(otherwise),
    paragraph(escapeHtml(expiry)),
  ]);
  return {
    // In one line of the header.
    id: messageId(key.slice(0, 32), domain),
    to,
    subject,
    text,
    html,
    headers: { 'auto-submitted': 'auto-generated' },
  };
};
