import type { Key, Keyring } from './keyring.ts';

/**
 * Secrets at rest: AES-256-GCM under a key derived from a configured one by HKDF-SHA-256 (RFC 5869).
 * A sealed text is `v2.<key id>.<iv>.<ciphertext>`, the last two base64url. `v1.<iv>.<ciphertext>` is from before keys had
 * ids and opens under any of them.
 */
const version = 'v2';
const ivBytes = 12;

/** What every text begins with that is sealed under this key. */
export const sealedPrefix = ({ id }: Key): string => `${version}.${id}.`;

/**
 * Encrypts `text` under the newest key. `boundTo` (the id of what the secret belongs to) is authenticated with it, so that
 * a sealed text moved to another row does not open there.
 */
export const seal = async ({ newest }: Keyring, boundTo: string, text: string): Promise<string> => {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const data = await crypto.subtle.encrypt(algorithm(iv, boundTo), await sealingKey(newest.secret), encode(text));
  return sealedPrefix(newest) + [toBase64Url(iv), toBase64Url(new Uint8Array(data))].join('.');
};

/** Throws where the text was changed, is bound to something else, or no key is there under which it was sealed. */
export const unseal = async (keys: Keyring, boundTo: string, sealed: string): Promise<string> => {
  const parts = /^(?:v1|v2\.([0-9a-z]{1,12}))\.([\w-]+)\.([\w-]+)$/.exec(sealed);
  if (!parts) throw new Error('The text is not sealed.');
  const [, id, iv = '', data = ''] = parts;
  const candidates = [...keys.byId.values()].filter((key) => id === undefined || key.id === id);
  for (const { secret } of candidates) {
    const opened = await crypto.subtle
      .decrypt(algorithm(fromBase64Url(iv), boundTo), await sealingKey(secret), fromBase64Url(data))
      .catch(() => null);
    if (opened) return new TextDecoder().decode(opened);
  }
  throw new Error('A sealed text cannot be opened: it was changed, or its ENCRYPTION_KEY no longer exists.');
};

const encode = (text: string) => new TextEncoder().encode(text);

const algorithm = (iv: Uint8Array<ArrayBuffer>, boundTo: string) => ({
  name: 'AES-GCM',
  iv,
  additionalData: encode(boundTo),
});

/** Derived once per isolate. The keys are kept, not their promises: a promise would belong to the request that began it. */
const derived = new Map<string, CryptoKey>();

const sealingKey = async (secret: string): Promise<CryptoKey> => {
  const known = derived.get(secret);
  if (known) return known;
  const material = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: encode('pharos'), info: encode('monitor secrets v1') },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
  derived.set(secret, key);
  return key;
};

const toBase64Url = (bytes: Uint8Array) => {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
};

const fromBase64Url = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
