import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Key, Keyring } from '../crypto/keyring.ts';
import type { Acknowledgement } from '../domain/incidents/acknowledgement.ts';
import { policyMark } from '../domain/incidents/acknowledgement.ts';
import { namedKey } from './tokens.ts';

/** Links that earlier versions sent: signed JWTs, the last of which run out a day after the update. */

const issuer = 'pharos';
const audience = 'pharos-acknowledge';
const algorithm = 'HS256';

/** Links from before they were bound to a channel lack these, and are valid no more. */
const claims = z
  .object({ incidentId: z.string(), tid: z.string(), chn: z.string(), pol: z.string().nullable(), at: z.number() })
  .transform(
    ({ incidentId, tid, chn, pol, at }): Acknowledgement => ({
      ...{ incidentId, teamId: tid, channelId: chn },
      ...{ mark: policyMark(pol), at },
    }),
  );

/** The content of a link; `expired` after its time, `invalid` for anything that is none of ours. */
export const readAcknowledgement = async (
  token: string,
  keys: Keyring,
  now: number,
): Promise<Acknowledgement | 'expired' | 'invalid'> => {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyOf(namedKey(keys, kid)), {
      algorithms: [algorithm],
      issuer,
      audience,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(now),
    });
    return claims.parse({ ...payload, incidentId: payload.sub });
  } catch (error) {
    return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
  }
};

/** Of its own, so that no link can pass for a session. HKDF-SHA-256, https://www.rfc-editor.org/rfc/rfc5869 */
const keyOf = async ({ secret }: Key) => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const material = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveBits']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: encode('pharos'), info: encode('acknowledge links v1') };
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, material, 256));
};
