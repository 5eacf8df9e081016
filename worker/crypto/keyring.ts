/** Several keys for one purpose: the newest writes, all of them read. */
export interface Key {
  /** Base36; a later one is newer. Of a setting that is only a secret it is `0`. */
  id: string;
  secret: string;
}

export interface Keyring {
  newest: Key;
  byId: ReadonlyMap<string, Key>;
}

/** The id that a plain secret has, as one has who never rotated. */
export const plainKeyId = '0';

const withId = /^([0-9a-z]{6,12}):([\w-]{32,})$/;

/** A setting as keys: one plain secret, or `id:secret` once or several times, with blanks between. */
const keysOf = (setting: string): Key[] => {
  const parts = setting.trim().split(/\s+/);
  const keys = parts.flatMap((part) => {
    const [, id, secret] = withId.exec(part) ?? [];
    return id && secret ? [{ id, secret }] : [];
  });
  return keys.length === parts.length ? keys : [{ id: plainKeyId, secret: setting }];
};

const isOlder = (a: string, b: string) => (a.length === b.length ? a < b : a.length < b.length);

/** The keys of the settings that may hold some; null where two have the same id, because that would be ambiguous. */
export const keyringOf = (settings: readonly string[]): Keyring | null => {
  const keys = settings.filter((setting) => setting !== '').flatMap(keysOf);
  const byId = new Map(keys.map((key) => [key.id, key]));
  const newest = keys.reduce((a, b) => (isOlder(a.id, b.id) ? b : a), keys[0] as Key);
  return keys.length === 0 || byId.size < keys.length ? null : { newest, byId };
};
