import type { Keyring } from '../../crypto/keyring.ts';
import { seal, unseal } from '../../crypto/seal.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import type { FormField } from '../../domain/fields/form.ts';
import { maskedSecret } from '../../domain/monitors/monitor.ts';
import { type FieldProblem, PharosError } from '../../errors.ts';
import { formOf } from './form.ts';

/** The error for a masked value without a stored one. */
export const nothingStored = 'No value is stored yet; enter one.';

export type Settings = Record<string, unknown>;

const known = new Map<ChannelKind, FormField[]>();

/** Derived once per isolate. */
const secretFields = (kind: ChannelKind): FormField[] => {
  const fields = known.get(kind) ?? formOf(kind).filter(({ isSecret }) => isSecret);
  known.set(kind, fields);
  return fields;
};

const secretNames = (kind: ChannelKind): string[] => secretFields(kind).map(({ name }) => name);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The names in a record stay readable, and the origin of some addresses. */
const mask = ({ showsOrigin }: FormField, value: unknown): unknown => {
  if (isRecord(value)) return Object.fromEntries(Object.keys(value).map((name) => [name, maskedSecret]));
  const origin = showsOrigin ? originOf(value) : null;
  return origin === null ? maskedSecret : `${origin}/${maskedSecret}`;
};

const isMask = (value: unknown): boolean => typeof value === 'string' && value.includes(maskedSecret);

/** Whether settings are stored in the current form: fields of older ones may have become secret since. */
export const isStoredInClear = (kind: ChannelKind, shown: Settings): boolean =>
  secretFields(kind).some(({ name }) => typeof shown[name] === 'string' && shown[name] !== '' && !isMask(shown[name]));

/** Every secret text, wherever it lies in the settings. */
export const secretTexts = (kind: ChannelKind, settings: Settings): string[] =>
  secretNames(kind)
    .map((name) => settings[name])
    .flatMap((value) => (isRecord(value) ? Object.values(value) : [value]))
    .filter((value) => typeof value === 'string' && value !== '') as string[];

/** `shown` is the form of API and table; `sealed` is null where nothing is secret. */
export interface StoredSettings {
  shown: Settings;
  sealed: string | null;
}

/** Settings for display, even if they were stored before one of their fields became secret. */
export const maskSettings = (kind: ChannelKind, shown: Settings): Settings =>
  isStoredInClear(kind, shown) ? maskedOf(kind, shown) : shown;

const maskedOf = (kind: ChannelKind, settings: Settings): Settings => {
  const fields = secretFields(kind).filter(({ name }) => settings[name] !== null && settings[name] !== undefined);
  return { ...settings, ...Object.fromEntries(fields.map((field) => [field.name, mask(field, settings[field.name])])) };
};

/** Settings as they are stored. `channelId` is authenticated with what is sealed (crypto/seal.ts). */
export const storeSettings = async (
  kind: ChannelKind,
  channelId: string,
  settings: Settings,
  encryptionKey: Keyring,
): Promise<StoredSettings> => {
  const secret = secretNames(kind).filter((name) => settings[name] !== null && settings[name] !== undefined);
  const hidden = Object.fromEntries(secret.map((name) => [name, settings[name]]));
  const shown = maskedOf(kind, settings);
  const sealed = secret.length === 0 ? null : await seal(encryptionKey, channelId, JSON.stringify(hidden));
  return { shown, sealed };
};

/** The settings as they were given. Throws where the sealed text does not open. */
export const openSettings = async (
  channelId: string,
  { shown, sealed }: StoredSettings,
  encryptionKey: Keyring,
): Promise<Settings> =>
  sealed === null ? shown : { ...shown, ...(JSON.parse(await unseal(encryptionKey, channelId, sealed)) as Settings) };

/**
 * A change of settings, with masked values replaced by those of `stored`, and with omitted ones. To be parsed by the channel's
 * schema afterwards. Throws `invalid_request` where there is no stored value to keep, or the destination changes: the secrets of
 * the former destination must not be sent to the new one.
 */
export const mergeSettings = (kind: ChannelKind, stored: Settings, given: Settings): Settings => {
  const secret = secretNames(kind);
  const shownAs = new Map(secretFields(kind).map((field) => [field.name, mask(field, stored[field.name])]));
  const isKept = (name: string, value: unknown) => value === maskedSecret || value === shownAs.get(name);
  const moves = Object.entries(given).some(
    ([name, value]) => !isKept(name, value) && originOf(value) !== originOf(stored[name]),
  );
  const problems: FieldProblem[] = [];
  const problem = (path: string, message: string) => problems.push({ path: `settings.${path}`, message });
  const kept = (path: string, storedValue: unknown): unknown => {
    if (storedValue === undefined || storedValue === null) problem(path, nothingStored);
    else if (moves) problem(path, 'The address changed, so enter this value again.');
    return storedValue;
  };
  const merge = (name: string): unknown => {
    const isGiven = Object.hasOwn(given, name);
    const value = given[name];
    if (!secret.includes(name)) return isGiven ? value : stored[name];
    if (!isGiven && isEmpty(stored[name])) return stored[name];
    if (!isGiven || isKept(name, value)) return kept(name, stored[name]);
    if (isMask(value))
      problem(name, 'Enter this value again, or send the placeholder unchanged to keep the stored one.');
    if (!isRecord(value)) return value;
    const before = isRecord(stored[name]) ? stored[name] : {};
    const entries = Object.entries(value).map(([key, inner]) => [
      key,
      inner === maskedSecret ? kept(`${name}.${key}`, Object.hasOwn(before, key) ? before[key] : undefined) : inner,
    ]);
    return Object.fromEntries(entries);
  };
  const names = [...new Set([...Object.keys(stored), ...Object.keys(given)])];
  const merged = Object.fromEntries(names.map((name) => [name, merge(name)]));
  if (problems.length > 0) throw new PharosError('invalid_request', 'Some fields are invalid.', problems);
  return merged;
};

const originOf = (value: unknown) =>
  typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value) ? new URL(value).origin : null;

const isEmpty = (value: unknown) =>
  value === null || value === undefined || (isRecord(value) && Object.keys(value).length === 0);
