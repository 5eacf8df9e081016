import { z } from 'zod';
import type { FieldMeta } from '../../domain/fields/form.ts';
import { type AlertMessage, severityOf } from '../messages/message.ts';

const maxMentions = 10;

/** One person, role or group as the receiver names it, stored in one spelling. */
export const mentionEntry = (pattern: RegExp, help: string, normalize: (text: string) => string) =>
  z
    .string(help)
    .trim()
    .max(300, help)
    .transform(normalize)
    .refine((entry) => pattern.test(entry), help);

const field = (entry: ReturnType<typeof mentionEntry>, meta: FieldMeta) =>
  z
    .array(entry, 'Enter one mention per line.')
    .max(maxMentions, `At most ${maxMentions} mentions.`)
    .default([])
    .meta({ ...meta });

/** Settings of channels that support mentions: none, unless somebody enters one. */
export const mentionFields = (
  entry: ReturnType<typeof mentionEntry>,
  { hint, placeholder }: { hint: string; placeholder: string },
) => ({
  mentionOnCritical: field(entry, {
    label: 'Mention on critical alerts',
    hint: `For outages and reminders. ${hint}`,
    placeholder,
  }),
  mentionOnWarning: field(entry, {
    label: 'Mention on advisories',
    hint: 'For advisories: slow or regional problems, missing data, expiring certificates, flapping. Same format as above.',
    placeholder,
  }),
});

interface MentionSettings {
  mentionOnCritical: string[];
  mentionOnWarning: string[];
}

const recoveries: ReadonlySet<string> = new Set(['up', 'resolved', 'acknowledged', 'test']);

/** Only an active problem is worth a mention; for a digest, at least one such problem in it. */
const isWorthMention = (message: AlertMessage) =>
  message.event === 'digest'
    ? Object.entries(message.counts).some(([event, count]) => count > 0 && !recoveries.has(event))
    : severityOf(message) !== 'info';

/** The mentions of this message, each once. */
export const mentionsFor = (
  message: AlertMessage,
  { mentionOnCritical, mentionOnWarning }: MentionSettings,
): string[] => {
  if (!isWorthMention(message)) return [];
  return [...new Set(severityOf(message) === 'critical' ? mentionOnCritical : mentionOnWarning)];
};
