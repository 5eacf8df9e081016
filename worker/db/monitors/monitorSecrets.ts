import { type AnyKind, type AnySettings, completeSettings, definitionOf, type Kind } from '../../checks/kinds/kind.ts';
import { seal, unseal } from '../../crypto/seal.ts';
import { enterAgain, maskedSecret } from '../../domain/monitors/monitor.ts';
import type { SecretRecord, SecretText } from '../../domain/monitors/secretSettings.ts';
import { type FieldProblem, PharosError } from '../../errors.ts';
import type { Services } from '../../services.ts';

/** The columns in which the settings of a monitor lie: `settings` as the API shows them, `sealed` the secrets among them. */
export interface SettingsColumns {
  settings: AnySettings;
  sealed: string | null;
}

type Stored = SettingsColumns & { id: string; kind: Kind };

const secretsOf = ({ secrets }: AnyKind) =>
  Object.entries(secrets).flatMap(([name, how]) => (how ? [{ name, how }] : []));

type Texts = Record<string, string>;

const masked = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.keys(value).map((name) => [name, maskedSecret]))
    : value && maskedSecret;

const isEmpty = (value: unknown) =>
  !value || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

export const sealMonitorSettings = async (
  { config }: Services,
  { id, kind, settings }: { id: string; kind: Kind; settings: AnySettings },
): Promise<SettingsColumns> => {
  const names = secretsOf(definitionOf(kind)).map(({ name }) => name);
  const secrets = Object.fromEntries(names.map((name) => [name, settings[name]]));
  return {
    settings: { ...settings, ...Object.fromEntries(names.map((name) => [name, masked(settings[name])])) },
    sealed: Object.values(secrets).every(isEmpty)
      ? null
      : await seal(config.encryptionKey, id, JSON.stringify(secrets)),
  };
};

/** The settings with the secrets in clear. Throws where the stored text does not open (crypto/seal.ts). */
export const openMonitorSettings = async (
  { config }: Services,
  { id, settings, sealed }: Omit<Stored, 'kind'>,
): Promise<AnySettings> =>
  sealed === null
    ? settings
    : { ...settings, ...(JSON.parse(await unseal(config.encryptionKey, id, sealed)) as AnySettings) };

/**
 * The columns after a change of some settings: masked values keep the stored ones, and missing ones stay. Where requests now go
 * to another destination, the secrets of the previous one must not be sent to it. Throws `invalid_request` with a problem per
 * field where there is no stored value to keep, where the stored value may not be kept, or a value cannot be sent.
 */
export const changeMonitorSettings = async (
  services: Services,
  { id, kind, settings, sealed }: Stored,
  given: AnySettings,
): Promise<SettingsColumns> => {
  const definition = definitionOf(kind);
  const changed = { ...settings, ...given };
  const moves = definition.destination(settings) !== definition.destination(changed);
  const givesSecret = secretsOf(definition).some(({ name }) => given[name] !== undefined);
  // Sealing the same again would count as a change.
  if (!givesSecret && !(moves && sealed !== null)) return { settings: changed, sealed };
  const stored = completeSettings(kind, await openMonitorSettings(services, { id, settings, sealed }));
  const merged = mergeSecrets(definition, stored, given, moves);
  const columns = await sealMonitorSettings(services, { id, kind, settings: { ...changed, ...merged } });
  const isSame = secretsOf(definition).every(
    ({ name }) => JSON.stringify(merged[name]) === JSON.stringify(stored[name]),
  );
  return isSame ? { ...columns, sealed } : columns;
};

/** The settings of a new monitor. Nothing is stored yet that a mask could keep. */
export const newMonitorSettings = (kind: Kind, given: AnySettings): AnySettings => {
  const definition = definitionOf(kind);
  const stored = Object.fromEntries(
    secretsOf(definition).map(({ name, how }) => [name, how.type === 'text' ? null : {}]),
  );
  return { ...given, ...mergeSecrets(definition, stored, given, false) };
};

const mergeSecrets = (definition: AnyKind, stored: AnySettings, given: AnySettings, moves: boolean): AnySettings => {
  const problems: FieldProblem[] = [];
  const merged = secretsOf(definition).map(({ name, how }) => {
    const merging = { path: `settings.${name}`, moves, problems };
    return how.type === 'text'
      ? [name, mergeText(how, stored[name] as string | null, given[name] as string | null | undefined, merging)]
      : [name, mergeRecord(how, stored[name] as Texts, given[name] as Texts | undefined, merging)];
  });
  if (problems.length > 0) throw new PharosError('invalid_request', 'Some fields are invalid.', problems);
  return Object.fromEntries(merged) as AnySettings;
};

interface Merging {
  path: string;
  moves: boolean;
  problems: FieldProblem[];
}

const mergeText = (
  { label }: SecretText,
  stored: string | null,
  given: string | null | undefined,
  { path, moves, problems }: Merging,
) => {
  if (given !== undefined && given !== maskedSecret) return given || null;
  if (stored !== null && moves) problems.push({ path, message: enterAgain });
  if (stored === null && given === maskedSecret)
    problems.push({ path, message: `No ${label} is stored yet. Enter one.` });
  return stored;
};

const mergeRecord = (
  { label, problem, publicNames = [] }: SecretRecord,
  stored: Texts,
  given: Texts | undefined,
  { path, moves, problems }: Merging,
) => {
  const storedByKey = new Map(Object.entries(stored).map(([name, value]) => [name.toLowerCase(), value]));
  const seen = new Set<string>();
  const merged = Object.entries(given ?? (masked(stored) as Texts)).map(([name, value]) => {
    const key = name.toLowerCase();
    const kept = value === maskedSecret ? storedByKey.get(key) : value;
    const staysBehind = moves && value === maskedSecret && kept !== undefined && !publicNames.includes(key);
    const wrong = seen.has(key)
      ? `This ${label} occurs twice.`
      : staysBehind
        ? enterAgain
        : kept === undefined
          ? `No value is stored for this ${label} yet. Enter one.`
          : problem?.(kept);
    if (wrong) problems.push({ path: `${path}.${name}`, message: wrong });
    seen.add(key);
    return [name, kept ?? ''] as const;
  });
  return Object.fromEntries(merged);
};
