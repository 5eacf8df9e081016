import type { z } from 'zod';
import type { ReasonTexts } from '../../domain/checks/commonReasons.ts';
import type { KindDefinition } from './definition.ts';
import { definitions } from './definitions.ts';

type Definitions = typeof definitions;

export type Kind = keyof Definitions;
type Fields<K extends Kind> = z.ZodObject<ReturnType<Definitions[K]['fields']>>;

/** As monitors have them, secrets in clear or masked. */
export type SettingsOf<K extends Kind> = z.output<Fields<K>>;
type Given<K extends Kind> = z.input<Fields<K>>;
type Defaulted<K extends Kind> = keyof Definitions[K]['defaults'] & keyof Given<K>;

/** As they are given for a new monitor. */
export type NewSettingsOf<K extends Kind> = Omit<Given<K>, Defaulted<K>> & Partial<Pick<Given<K>, Defaulted<K>>>;

/** A kind and the settings that belong to it. */
export type KindSettings = { [K in Kind]: { kind: K; settings: SettingsOf<K> } }[Kind];
export type NewKindSettings = { [K in Kind]: { kind: K; settings: NewSettingsOf<K> } }[Kind];

export type KindReason = { [K in Kind]: keyof Definitions[K]['reasons'] }[Kind];

/** Settings of any kind, by name. */
export type AnySettings = Record<string, unknown>;
export type AnyKind = KindDefinition<Kind, Record<string, z.ZodType>, AnySettings, string>;

export const kinds = Object.keys(definitions) as [Kind, ...Kind[]];

/** Settings are for their own definition only: the two always come from the same monitor. */
export const definitionOf = (kind: Kind): AnyKind => definitions[kind] as unknown as AnyKind;

/** With the default of each setting that was added since they were stored. */
export const completeSettings = (kind: Kind, stored: AnySettings): AnySettings => ({
  ...definitionOf(kind).defaults,
  ...stored,
});

/** What the input of the form's first field is meant for: the first kind that can watch it. */
export const suggestKind = (input: string): NewKindSettings => {
  for (const kind of kinds) {
    const settings = definitionOf(kind).form.suggest(input);
    if (settings) return { kind, settings } as NewKindSettings;
  }
  throw new Error('The last kind takes any input');
};

export const kindReasons = (): Record<KindReason, ReasonTexts> =>
  Object.assign({}, ...Object.values(definitions).map(({ reasons }) => reasons));
