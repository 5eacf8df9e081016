import { factsOf } from './facts.ts';
import { fitSections, type Page, type Section } from './fit.ts';
import { linkLines } from './links.ts';
import type { AlertMessage } from './message.ts';
import { whyOf } from './names.ts';
import { titleOf } from './titles.ts';

/** A message as text without markup: for phones, previews, and channels without markup. */

/** Reason and time: the text of a notification below its title. */
const sentencesOf = (message: AlertMessage): string[] => {
  const facts = factsOf(message);
  const [since] = facts.filter(({ name }) => /since|Began|Last data|Noticed|Sent/i.test(name));
  // The title contains the duration; the classification is a sentence only where it differs.
  const lasted = facts.find(({ name, value }) => name === 'Lasted' && value.includes(', of which '));
  return [whyOf(message), ...[since, lasted].map((fact) => (fact ? `${fact.name} ${fact.value}.` : ''))].filter(
    Boolean,
  );
};

/** Sentences without markup, whole ones only; the first is cut where it alone is too long. */
const fitSentences = (sentences: readonly string[], page: Partial<Page>): string =>
  fitSections(
    sentences.map((content) => ({ name: null, content })),
    { max: Number.POSITIVE_INFINITY, render: (_, lines) => lines.join(' '), join: ' ', ...page },
  );

/** For a phone's screen: title, reason and time. Without links. */
export const shortText = (message: AlertMessage, page: Partial<Page> = {}): string =>
  fitSentences([`${titleOf(message)}.`, ...sentencesOf(message)], page);

/** The same without the title, for receivers that show it themselves. */
export const previewText = (message: AlertMessage, page: Partial<Page> = {}): string =>
  fitSentences(sentencesOf(message), page);

const sectionsOf = (message: AlertMessage): Section[] => [
  ...[whyOf(message)].filter(Boolean).map((content) => ({ name: null, content })),
  ...factsOf(message).map(({ name, value, list }) => ({ name, content: list ?? value })),
];

/** Without markup. */
export const plainSection: Page['render'] = (name, lines) => {
  if (name === null) return lines.join('\n');
  return lines.length > 1 ? [`${name}:`, ...lines.map((line) => `- ${line}`)].join('\n') : `${name}: ${lines[0] ?? ''}`;
};

/** Everything but title and links, on lines; cut by whole lines to the receiver's limit. */
export const bodyText = (message: AlertMessage, page: Partial<Page> = {}): string =>
  fitSections(sectionsOf(message), { max: Number.POSITIVE_INFINITY, render: plainSection, ...page });

/** The whole message as lines without markup. */
export const plainText = (message: AlertMessage): string =>
  [titleOf(message), bodyText(message), linkLines(message)].filter(Boolean).join('\n\n');
