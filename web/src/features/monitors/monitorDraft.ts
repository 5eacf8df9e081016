import { fieldKit } from '../../../../worker/checks/kinds/fieldKit.ts';
import {
  type AnySettings,
  completeSettings,
  definitionOf,
  type Kind,
  type NewKindSettings,
} from '../../../../worker/checks/kinds/kind.ts';
import {
  type CreateMonitorInput,
  contradictionsOf,
  createMonitorSchema,
  newSettingsSchema,
} from '../../../../worker/contract/monitorInput.ts';
import type { MonitorView } from '../../../../worker/contract/views.ts';
import { defaultRegions, type Region } from '../../../../worker/domain/checks/region.ts';
import { type FormField, formFieldsOf } from '../../../../worker/domain/fields/form.ts';
import { enterAgain } from '../../../../worker/domain/monitors/monitor.ts';
import { isMasked } from '../../lib/masked.ts';
import { numberOf } from '../../lib/number.ts';
import { type DraftValue, draftValueOf, filledRows, settingOf } from '../../lib/settingDraft.ts';
import { emptyPolicyDraft, type PolicyDraft, policyDraftOf, policyInputOf } from '../verdicts/checkPolicyDraft.ts';

/** The contents of the form: text as typed, so that half a number is not lost. */
export interface MonitorDraft extends PolicyDraft {
  kind: Kind;
  settings: Record<string, DraftValue>;
  name: string;
  timeoutSeconds: string;
  intervalSeconds: NonNullable<CreateMonitorInput['intervalSeconds']>;
  regions: Region[];
  degradedAboveMs: string;
  tags: string[];
  runbookUrl: string;
  /** Ids of monitors. */
  dependsOn: string[];
  /** Empty: that of its tags, or else the default. */
  escalationPolicyId: string;
  critical: boolean;
}

const fieldsByKind = new Map<Kind, FormField[]>();

/** The settings of a kind as its form asks for them. */
export const settingFields = (kind: Kind): FormField[] => {
  const known = fieldsByKind.get(kind) ?? formFieldsOf(newSettingsSchema(kind, true).shape);
  fieldsByKind.set(kind, known);
  return known;
};

const settingsDraftOf = (kind: Kind, settings: AnySettings) =>
  Object.fromEntries(settingFields(kind).map((field) => [field.name, draftValueOf(field, settings[field.name])]));

export const emptyDraft = (kind: Kind = 'http'): MonitorDraft => ({
  kind,
  settings: settingsDraftOf(kind, completeSettings(kind, {})),
  name: '',
  timeoutSeconds: String((definitionOf(kind).schedule?.timeoutMs ?? 10_000) / 1000),
  intervalSeconds: 30,
  regions: [...defaultRegions],
  degradedAboveMs: '',
  tags: [],
  runbookUrl: '',
  ...emptyPolicyDraft(),
  dependsOn: [],
  escalationPolicyId: '',
  critical: false,
});

export const draftOf = (monitor: MonitorView): MonitorDraft => ({
  kind: monitor.kind,
  settings: settingsDraftOf(monitor.kind, monitor.settings),
  name: monitor.name,
  timeoutSeconds: String(monitor.timeoutMs / 1000),
  intervalSeconds: monitor.intervalSeconds,
  regions: [...monitor.regions],
  degradedAboveMs: monitor.degradedAboveMs === null ? '' : String(monitor.degradedAboveMs),
  tags: [...monitor.tags],
  runbookUrl: monitor.runbookUrl ?? '',
  ...policyDraftOf(monitor),
  dependsOn: [...monitor.dependsOn],
  escalationPolicyId: monitor.escalationPolicyId ?? '',
  critical: monitor.critical,
});

/** The part of a draft that may be stored in the browser: without secrets. */
export const keptMonitor = ({ settings, ...draft }: MonitorDraft): Partial<MonitorDraft> => {
  const isPublic = ([name]: [string, DraftValue]) => !(name in definitionOf(draft.kind).secrets);
  return { ...draft, settings: Object.fromEntries(Object.entries(settings).filter(isPublic)) };
};

/** The stored draft, with the secrets in their masked form. */
export const completeMonitor = (initial: MonitorDraft, kept: Partial<MonitorDraft>): MonitorDraft => ({
  ...initial,
  ...kept,
  settings: { ...initial.settings, ...kept.settings },
});

/** A setting that does not matter as the others are has its default, and so has an empty one that may be none. */
const settingsOf = ({ kind, settings }: MonitorDraft): AnySettings => {
  const { form, defaults } = definitionOf(kind);
  const fields = settingFields(kind);
  const all = Object.fromEntries(
    fields.map((field) => {
      const typed = settings[field.name] ?? '';
      const value = field.name === form.first && typeof typed === 'string' ? typed.trim() : typed;
      return [field.name, value === '' && field.default === null ? null : settingOf(field, value)];
    }),
  );
  const isHidden = ({ name }: FormField) => form.isShown?.(name, all) === false && name in defaults;
  return { ...all, ...Object.fromEntries(fields.filter(isHidden).map(({ name }) => [name, defaults[name]])) };
};

/** The draft with the suggestion for its first field: `https://example.com` for `example.com`. */
export const withSuggestion = (draft: MonitorDraft): MonitorDraft => {
  const { first, suggest } = definitionOf(draft.kind).form;
  const typed = draft.settings[first];
  const suggested = typeof typed === 'string' ? suggest(typed) : null;
  if (!suggested) return draft;
  const changed = settingFields(draft.kind)
    .filter(({ name }) => name in suggested)
    .map((field) => [field.name, draftValueOf(field, suggested[field.name])] as const);
  return { ...draft, settings: { ...draft.settings, ...Object.fromEntries(changed) } };
};

/** The draft in the form of the API. An empty name is omitted: it is then derived from the address. */
export const inputOf = (draft: MonitorDraft): CreateMonitorInput => ({
  ...({ kind: draft.kind, settings: settingsOf(draft) } as NewKindSettings),
  ...(draft.name.trim() === '' ? {} : { name: draft.name }),
  timeoutMs: Math.round(numberOf(draft.timeoutSeconds) * 1000),
  intervalSeconds: draft.intervalSeconds,
  regions: [...draft.regions],
  degradedAboveMs: draft.degradedAboveMs.trim() === '' ? null : numberOf(draft.degradedAboveMs),
  tags: [...draft.tags],
  runbookUrl: draft.runbookUrl.trim() || null,
  ...policyInputOf(draft),
  dependsOn: [...draft.dependsOn],
  escalationPolicyId: draft.escalationPolicyId || null,
  critical: draft.critical,
});

// The API decides whether private targets are allowed: `hostHint` shows it before it does.
const schema = createMonitorSchema(true);

type Problems = Record<string, string>;

/** Names a record's rows, and otherwise the setting itself. */
const pathOf = (kind: Kind, [field, setting, ...rest]: string[]): string => {
  if (field !== 'settings' || setting === undefined) return field ?? '';
  const isRow = settingFields(kind).some(({ name, type }) => name === setting && type === 'record') && rest.length > 0;
  return isRow ? `settings.${setting}.${rest.join('.')}` : `settings.${setting}`;
};

/** A stored secret stays with the destination that it was entered for. */
const leftBehind = (draft: MonitorDraft, stored: MonitorDraft): Problems => {
  const definition = definitionOf(draft.kind);
  const settings = settingsOf(draft);
  const isSame = definition.destination(settings) === definition.destination(settingsOf(stored));
  if (isSame || settings[definition.form.first] === '') return {};
  const found = Object.entries(definition.secrets).flatMap(([name, how]) => {
    const value = settings[name];
    const path = `settings.${name}`;
    if (how?.type === 'text') return typeof value === 'string' && isMasked(value) ? [[path, enterAgain]] : [];
    return Object.entries((value ?? {}) as Record<string, string>)
      .filter(([row, text]) => isMasked(text) && !how?.publicNames?.includes(row.toLowerCase()))
      .map(([row]) => [`${path}.${row}`, enterAgain]);
  });
  return Object.fromEntries(found) as Problems;
};

/** Rows of records that are incomplete, or that name the same thing. */
const rowProblems = ({ kind, settings }: MonitorDraft): Problems =>
  Object.fromEntries(
    Object.entries(definitionOf(kind).secrets).flatMap(([name, how]) => {
      const rows = settings[name];
      if (how?.type !== 'record' || !Array.isArray(rows)) return [];
      const names = filledRows(rows).map((row) => row.name.trim().toLowerCase());
      if (names.includes('')) return [[`settings.${name}`, `Enter a name for every ${how.label}, or remove its row.`]];
      const isTwice = new Set(names).size < names.length;
      return isTwice ? [[`settings.${name}`, `Two ${how.label}s have the same name.`]] : [];
    }),
  ) as Problems;

/**
 * What is wrong, by the API's path (`settings.url`, `settings.headers.X-Token`), in the words of the schema that the API uses
 * too. `stored` is the draft before a change.
 */
export const problemsOf = (draft: MonitorDraft, stored?: MonitorDraft): Problems => {
  const input = inputOf(draft);
  const wrong = (schema.safeParse(input).error?.issues ?? []).map((issue): [string, string] => [
    pathOf(draft.kind, issue.path.map(String)),
    issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message,
  ]);
  // Rules across fields run only once every field is well-formed; contradictions should not have to wait.
  const together = contradictionsOf(draft.kind, input).map(({ path, message }): [string, string] => [path, message]);
  return {
    ...rowProblems(draft),
    ...Object.fromEntries([...wrong, ...together].reverse()),
    ...(stored && leftBehind(draft, stored)),
    ...(Number.isNaN(numberOf(draft.timeoutSeconds)) && { timeoutMs: 'Enter a number of seconds, such as 10.' }),
    ...(Number.isNaN(input.quorum) && { quorum: 'Enter a number of regions, such as 2.' }),
  };
};

/** Predicts which hosts the API will refuse. */
export const hostHint = (draft: MonitorDraft): string | undefined => {
  const { first } = definitionOf(draft.kind).form;
  const value = settingsOf(draft)[first];
  const messageBy = (allowPrivate: boolean) =>
    definitionOf(draft.kind).fields(fieldKit(allowPrivate))[first]?.safeParse(value).error?.issues[0]?.message;
  return value === '' || messageBy(true) ? undefined : messageBy(false);
};
