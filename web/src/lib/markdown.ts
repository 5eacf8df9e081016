import { micromark } from 'micromark';

/**
 * Markdown as HTML that is safe to insert. micromark escapes HTML in it and drops addresses that are not http, https,
 * mailto, irc, xmpp or relative. Images are left out: the policy of the page loads none from elsewhere.
 */
export const renderMarkdown = (text: string): string =>
  micromark(text, {
    allowDangerousHtml: false,
    allowDangerousProtocol: false,
    extensions: [{ disable: { null: ['labelStartImage'] } }],
  });
