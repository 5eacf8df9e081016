import { base64url } from 'jose';

const encode = (text: string) => new TextEncoder().encode(text);

/** A key of its own for each purpose, so that what one made cannot pass for another's. HKDF-SHA-256, RFC 5869. */
const derivedKey = async (secret: string, purpose: string): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: encode('pharos'), info: encode(purpose) };
  return crypto.subtle.deriveKey(derivation, material, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
};

/** HMAC-SHA-256 of a text, its first 16 bytes as base64url (22 characters). */
export const tagOf = async (secret: string, purpose: string, text: string): Promise<string> => {
  const signed = await crypto.subtle.sign('HMAC', await derivedKey(secret, purpose), encode(text));
  return base64url.encode(new Uint8Array(signed, 0, 16));
};

/** In constant time. */
export const tagFits = async (secret: string, purpose: string, text: string, tag: string): Promise<boolean> => {
  const expected = encode(await tagOf(secret, purpose, text));
  const given = encode(tag);
  return expected.length === given.length && crypto.subtle.timingSafeEqual(expected, given);
};
