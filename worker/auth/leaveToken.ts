import { base64url } from 'jose';
import { sealingKey, tagOf } from '../crypto/derivedKey.ts';
import type { Keyring } from '../crypto/keyring.ts';

/**
 * Links in alert mails by which a recipient leaves (`/leave/<token>`). A token is sealed, so that it shows no address, and
 * the same each time: what a mail says must not change between attempts. It does not run out, because it can only end
 * something; after two rotations of SESSION_SECRET nobody can read it any more.
 */

export interface Leaver {
  teamId: string;
  addressKey: string;
}

const purpose = 'leave links v1';
const ivBytes = 12;

/** Derived from the text, as in RFC 5297: another text has another one, so none is used twice. */
const ivOf = async (keys: Keyring, text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(base64url.decode(await tagOf(keys, `${purpose}, nonce`, text, ivBytes)));

export const signLeaveToken = async ({ teamId, addressKey }: Leaver, keys: Keyring): Promise<string> => {
  const text = JSON.stringify([teamId, addressKey]);
  const iv = await ivOf(keys, text);
  const key = await sealingKey(keys.newest.secret, purpose);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text));
  return base64url.encode(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
};

/** Null for anything that is none of ours. */
export const readLeaveToken = async (token: string, { byId }: Keyring): Promise<Leaver | null> => {
  // No text in base64 has a length of one beyond a multiple of four.
  if (!/^[\w-]{40,1000}$/.test(token) || token.length % 4 === 1) return null;
  const bytes = new Uint8Array(base64url.decode(token));
  // The last sign has bits that nothing reads: only one way to write a token counts.
  if (base64url.encode(bytes) !== token) return null;
  const iv = bytes.slice(0, ivBytes);
  for (const { secret } of byId.values()) {
    const opening = crypto.subtle.decrypt(
      { name: 'AES-GCM', iv },
      await sealingKey(secret, purpose),
      bytes.slice(ivBytes),
    );
    const opened = await opening.catch(() => null);
    if (!opened) continue;
    const [teamId, addressKey] = JSON.parse(new TextDecoder().decode(opened)) as [string, string];
    return { teamId, addressKey };
  }
  return null;
};
