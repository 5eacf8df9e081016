import { type AnyKind, definitionOf, kinds } from '../../checks/kinds/kind.ts';
import type { NextStep } from '../../domain/escalation/progress.ts';
import type { AlertMessage, MonitorMessage, MonitorRef } from './message.ts';
import { cut, oneLine, shownName } from './text.ts';

/** Names and sentences of a message for display: on one line, cut, without control characters. */

const maxNameLength = 200;
const maxSentenceLength = 500;
const maxAnswerLength = 200;

/** Messages from before other kinds existed name no kind, or a removed one. */
export const kindOf = ({ kind }: { kind?: string }): AnyKind =>
  definitionOf(kinds.find((one) => one === kind) ?? 'http');

/** Replaces an invisible name of a monitor: derived from its address. */
export const nameOf = ({ name, url, kind }: { name: string; url?: string; kind?: string }, max = maxNameLength) =>
  shownName(name, (url !== undefined && kindOf({ kind }).nameFrom(url)) || 'A monitor', max);

export const channelNameOf = ({ name, kind }: { name: string; kind: string }) =>
  shownName(name, kind === '' ? 'A channel' : `${kind} channel`, maxNameLength);

export const teamNameOf = ({ teamName }: { teamName: string }) => shownName(teamName, 'A team', 100);

/** Without parts that often contain keys, such as a query. */
export const addressOf = ({ url, kind }: Pick<MonitorRef, 'url' | 'kind'>) =>
  cut(oneLine(kindOf({ kind }).publicAddress(url)), maxSentenceLength);

/** On one line; null where nothing is visible. */
export const causeIn = (cause: string | null | undefined) => (cause ? shownName(cause, '', 150) || null : null);

export const answerIn = (line: string | null | undefined) =>
  line ? shownName(line, '', maxAnswerLength) || null : null;

export const personIn = (person: string) => shownName(person, '', 150) || null;

/** The visible names only. */
export const recipientsIn = ({ recipients }: NextStep) => recipients.flatMap((name) => personIn(name) ?? []);

export const acknowledgerOf = (name: string | null) => shownName(name ?? '', 'A team member', 100);

/** Names with something visible. */
export const tagsOf = ({ tags = [] }: MonitorMessage): string[] =>
  tags.map((tag) => shownName(tag, '', 50)).filter(Boolean);

export const whyOf = ({ why }: AlertMessage) => shownName(why, '', maxSentenceLength);
