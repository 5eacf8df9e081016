import { base64url } from 'jose';
import type { Keyring } from './keyring.ts';

/**
 * Links in alert mails by which a recipient leaves (`/leave/<token>`). A token is sealed, so that it shows no address, and
 * the same each time: what a mail says must not change between attempts. It does not run out, because it can only end
 * something; after two rotations of SESSION_SECRET nobody can read it any more.
 */

export interface Leaver {
  teamId: string;
  addressKey: string;
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));

const ivBytes = 12;

const bits = async (secret: string, info: string): Promise<ArrayBuffer> => {
  const material = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveBits']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: encode('pharos'), info: encode(info) };
  return crypto.subtle.deriveBits(derivation, material, 256);
};

const sealKey = async (secret: string) =>
  crypto.subtle.importKey('raw', await bits(secret, 'leave links v1'), 'AES-GCM', false, ['encrypt', 'decrypt']);

/** Derived from the text, as in RFC 5297: another text has another one, so none is used twice. */
const ivOf = async (secret: string, text: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> => {
  const raw = await bits(secret, 'leave links v1, nonce');
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, text)).slice(0, ivBytes);
};

export const signLeaveToken = async (
  { teamId, addressKey }: Leaver,
  { newest: { secret } }: Keyring,
): Promise<string> => {
  const text = encode(JSON.stringify([teamId, addressKey]));
  const iv = await ivOf(secret, text);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await sealKey(secret), text);
  return base64url.encode(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
};

/** Null for anything that is none of ours. */
export const readLeaveToken = async (token: string, { byId }: Keyring): Promise<Leaver | null> => {
  // No text in base64 has a length of one beyond a multiple of four.
  if (!/^[\w-]{40,1000}$/.test(token) || token.length % 4 === 1) return null;
  const bytes = new Uint8Array(base64url.decode(token));
  const iv = bytes.slice(0, ivBytes);
  for (const { secret } of byId.values()) {
    const opening = crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await sealKey(secret), bytes.slice(ivBytes));
    const opened = await opening.catch(() => null);
    if (!opened) continue;
    const [teamId, addressKey] = JSON.parse(new TextDecoder().decode(opened)) as [string, string];
    return { teamId, addressKey };
  }
  return null;
};
