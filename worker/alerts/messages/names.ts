import type { NextStep } from '../../domain/escalation/progress.ts';
import type { AlertMessage, MonitorMessage } from './message.ts';
import { cut, oneLine, shownName } from './text.ts';

/** Names and sentences of a message as they may be shown: on one line, cut, without signs that steer. */

const maxNameLength = 200;
const maxSentenceLength = 500;
const maxAnswerLength = 200;

/** Of a monitor whose name shows nothing: its host. */
export const nameOf = ({ name, url }: { name: string; url?: string }, max = maxNameLength) =>
  shownName(name, url !== undefined && URL.canParse(url) ? new URL(url).host : 'A monitor', max);

export const channelNameOf = ({ name, kind }: { name: string; kind: string }) =>
  shownName(name, kind === '' ? 'A channel' : `${kind} channel`, maxNameLength);

export const teamNameOf = ({ teamName }: { teamName: string }) => shownName(teamName, 'A team', 100);

/** Without the query, in which people keep keys. */
export const addressOf = (url: string) => {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return cut(oneLine(parsed ? parsed.origin + parsed.pathname : url), maxSentenceLength);
};

/** On one line; null where there is nothing to see. */
export const causeIn = (cause: string | null | undefined) => (cause ? shownName(cause, '', 150) || null : null);

export const answerIn = (line: string | null | undefined) =>
  line ? shownName(line, '', maxAnswerLength) || null : null;

export const personIn = (person: string) => shownName(person, '', 150) || null;

/** Those with something to see. */
export const recipientsIn = ({ recipients }: NextStep) => recipients.flatMap((name) => personIn(name) ?? []);

export const acknowledgerOf = (name: string | null) => shownName(name ?? '', 'Somebody', 100);

/** Names in which there is something to see. */
export const tagsOf = ({ tags = [] }: MonitorMessage): string[] =>
  tags.map((tag) => shownName(tag, '', 50)).filter(Boolean);

export const whyOf = ({ why }: AlertMessage) => shownName(why, '', maxSentenceLength);
