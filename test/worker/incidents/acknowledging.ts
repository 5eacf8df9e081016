import { env } from 'cloudflare:workers';
import { SignJWT } from 'jose';
import { signAcknowledgeToken } from '../../../worker/auth/acknowledgeToken.ts';
import type { Keyring } from '../../../worker/crypto/keyring.ts';
import { services } from '../support/seed.ts';

/** The token of the link in the message of a delivery, as a message sent now has it. */
export const tokenOf = async (
  delivery: number,
  { policyId = null, keys = services.config.sessionSecret }: { policyId?: string | null; keys?: Keyring } = {},
) => {
  const at = await env.DB.prepare('SELECT created_at FROM deliveries WHERE number = ?')
    .bind(delivery)
    .first<number>('created_at');
  return signAcknowledgeToken({ delivery, at: at ?? 0, policyId }, keys);
};

export interface LongLink {
  teamId: string;
  incidentId: string;
  channelId: string;
  at: number;
  until: number;
}

/** A token as earlier versions sent it. */
export const longToken = async (
  { teamId, incidentId, channelId, at, until }: LongLink,
  keys = services.config.sessionSecret,
) => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const material = await crypto.subtle.importKey('raw', encode(keys.newest.secret), 'HKDF', false, ['deriveBits']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: encode('pharos'), info: encode('acknowledge links v1') };
  return new SignJWT({ tid: teamId, chn: channelId, rnd: 0, pol: null, at })
    .setProtectedHeader({ alg: 'HS256', kid: keys.newest.id })
    .setIssuer('pharos')
    .setAudience('pharos-acknowledge')
    .setSubject(incidentId)
    .setExpirationTime(Math.floor(until / 1000))
    .sign(new Uint8Array(await crypto.subtle.deriveBits(derivation, material, 256)));
};
