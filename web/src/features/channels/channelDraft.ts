import type { ChannelKindView, ChannelView, SettingValue } from '../../../../worker/contract/views.ts';
import type { QuietHours } from '../../../../worker/domain/delivery/quietHours.ts';
import { type DraftValue, draftValueOf, settingOf } from '../../lib/settingDraft.ts';
import { type QuietDraft, quietDraftOf, quietInput, quietProblems } from './quietDraft.ts';

export type ChannelField = ChannelKindView['fields'][number];

/** The contents of the form: text as typed, by the fields of the kind. */
export interface ChannelDraft {
  name: string;
  settings: Record<string, DraftValue>;
  quiet: QuietDraft;
}

/** In the form of the API. */
export interface ChannelInput {
  name: string;
  settings: Record<string, SettingValue>;
  quietHours: QuietHours | null;
}

export const emptyChannel = ({ label, fields }: ChannelKindView, timeZone: string): ChannelDraft => ({
  name: label,
  quiet: quietDraftOf(null, timeZone),
  settings: Object.fromEntries(fields.map((field) => [field.name, draftValueOf(field, field.default)])),
});

export const channelDraftOf = (
  { fields }: ChannelKindView,
  { name, settings, quietHours }: ChannelView,
  timeZone: string,
): ChannelDraft => ({
  name,
  quiet: quietDraftOf(quietHours, timeZone),
  settings: Object.fromEntries(fields.map((field) => [field.name, draftValueOf(field, settings[field.name] ?? null)])),
});

/** The part of a draft that may be stored in the browser: without secrets. */
export const keptDraft = ({ fields }: ChannelKindView, { name, settings, quiet }: ChannelDraft): ChannelDraft => {
  const secret = fields.filter(({ isSecret }) => isSecret).map((field) => field.name);
  const kept = Object.entries(settings).filter(([key]) => !secret.includes(key));
  return { name, quiet, settings: Object.fromEntries(kept) };
};

/** The stored draft, with the secrets in their masked form. */
export const completeDraft = (initial: ChannelDraft, kept: Partial<ChannelDraft>): ChannelDraft => ({
  ...initial,
  ...kept,
  settings: { ...initial.settings, ...kept.settings },
});

const inputOf = (field: ChannelField, value: DraftValue = ''): SettingValue => {
  const text = typeof value === 'string' ? value.trim() : value;
  if (text === '' && field.type !== 'list') return field.isRequired ? '' : field.default;
  return settingOf(field, text);
};

/** The draft as the API takes it. An empty field has its default. */
export const channelInput = ({ fields }: ChannelKindView, { name, settings, quiet }: ChannelDraft): ChannelInput => ({
  name: name.trim(),
  quietHours: quietInput(quiet),
  settings: Object.fromEntries(fields.map((field) => [field.name, inputOf(field, settings[field.name])])),
});

/** Errors that are visible without asking the API, which is the authority. By path. */
export const channelProblems = (kind: ChannelKindView, draft: ChannelDraft): Record<string, string> => {
  const found = quietProblems(draft.quiet);
  const input = channelInput(kind, draft);
  if (input.name === '') found.name = 'Enter a name for the channel.';
  for (const field of kind.fields) {
    const value = input.settings[field.name];
    const isEmpty = value === '' || (Array.isArray(value) && value.length === 0);
    if (field.isRequired && isEmpty) found[`settings.${field.name}`] = 'This field is required.';
    if (Number.isNaN(value)) found[`settings.${field.name}`] = 'Enter a number.';
  }
  return found;
};
