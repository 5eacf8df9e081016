import { base64url } from 'jose';
import type { Keyring } from './keyring.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** A key of its own for each purpose, so that what one made cannot pass for another's. HKDF-SHA-256, RFC 5869. */
const derivedKey = async (
  secret: string,
  purpose: string,
  algorithm: SubtleCryptoImportKeyAlgorithm,
  usages: string[],
): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: encode('pharos'), info: encode(purpose) };
  return crypto.subtle.deriveKey(derivation, material, algorithm, false, usages);
};

/** For AES-GCM with 256 bits. */
export const sealingKey = (secret: string, purpose: string): Promise<CryptoKey> =>
  derivedKey(secret, purpose, { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']);

const signingKey = (secret: string, purpose: string): Promise<CryptoKey> =>
  derivedKey(secret, purpose, { name: 'HMAC', hash: 'SHA-256' }, ['sign', 'verify']);

/** HMAC-SHA-256 of a text under the newest key, its first `bytes` as base64url: 16 of them are 22 characters. */
export const tagOf = ({ newest }: Keyring, purpose: string, text: string, bytes = 16): Promise<string> =>
  tagUnder(newest.secret, purpose, text, bytes);

const tagUnder = async (secret: string, purpose: string, text: string, bytes: number): Promise<string> => {
  const signed = await crypto.subtle.sign('HMAC', await signingKey(secret, purpose), encode(text));
  return base64url.encode(new Uint8Array(signed, 0, bytes));
};

/** Whether one of the keys made it; in constant time for each. */
export const tagFits = async (
  keys: Keyring,
  purpose: string,
  text: string,
  tag: string,
  bytes = 16,
): Promise<boolean> => {
  const given = encode(tag);
  for (const { secret } of keys.byId.values()) {
    const expected = encode(await tagUnder(secret, purpose, text, bytes));
    if (expected.length === given.length && crypto.subtle.timingSafeEqual(expected, given)) return true;
  }
  return false;
};
