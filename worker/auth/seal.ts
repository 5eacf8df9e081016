/**
 * Secrets at rest: AES-256-GCM under a key derived from the configured one by HKDF-SHA-256 (RFC 5869).
 * A sealed text is `v1.<iv>.<ciphertext>`, both base64url; the prefix lets another scheme follow.
 */
const version = 'v1';
const ivBytes = 12;

/**
 * Encrypts `text`. `boundTo` (the id of what the secret belongs to) is authenticated with it, so that a sealed text
 * moved to another row does not open there.
 */
export const seal = async (secret: string, boundTo: string, text: string): Promise<string> => {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const data = await crypto.subtle.encrypt(algorithm(iv, boundTo), await sealingKey(secret), encode(text));
  return [version, toBase64Url(iv), toBase64Url(new Uint8Array(data))].join('.');
};

/** Throws where the text was changed, was sealed under another key, or is bound to something else. */
export const unseal = async (secret: string, boundTo: string, sealed: string): Promise<string> => {
  const [prefix, iv, data, ...rest] = sealed.split('.');
  if (prefix !== version || !iv || !data || rest.length > 0) throw new Error('This is not a sealed text.');
  const key = await sealingKey(secret);
  const opened = await crypto.subtle
    .decrypt(algorithm(fromBase64Url(iv), boundTo), key, fromBase64Url(data))
    .catch(() => null);
  if (!opened) throw new Error('A sealed text does not open: it was changed, or ENCRYPTION_KEY is another one.');
  return new TextDecoder().decode(opened);
};

const encode = (text: string) => new TextEncoder().encode(text);

const algorithm = (iv: Uint8Array<ArrayBuffer>, boundTo: string) => ({
  name: 'AES-GCM',
  iv,
  additionalData: encode(boundTo),
});

/** Derived once per isolate. The key is kept, not its promise: a promise would belong to the request that began it. */
let derived: { secret: string; key: CryptoKey } | undefined;

const sealingKey = async (secret: string): Promise<CryptoKey> => {
  if (derived?.secret === secret) return derived.key;
  const material = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: encode('pharos'), info: encode('monitor secrets v1') },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
  derived = { secret, key };
  return key;
};

const toBase64Url = (bytes: Uint8Array) => {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
};

const fromBase64Url = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
