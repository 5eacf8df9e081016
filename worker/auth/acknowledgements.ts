import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Key, Keyring } from './keyring.ts';
import { namedKey } from './tokens.ts';

/** Links in messages by which whoever reads them takes an incident on, without a session. */

const issuer = 'pharos';
const audience = 'pharos-acknowledge';
const algorithm = 'HS256';

/** For so long after the message was made, ms. */
export const acknowledgeForMs = 24 * 3_600_000;

export interface Acknowledgement {
  teamId: string;
  incidentId: string;
  /** Whose message holds the link. */
  channelId: string;
  /** How often the incident had been reopened when the message was made. */
  round: number;
  /** By which policy the monitor went then; null where the team had none. */
  policyId: string | null;
  /** When the message was made, ms since the epoch. */
  at: number;
}

export const signAcknowledgement = async (
  { teamId, incidentId, channelId, round, policyId, at, until }: Acknowledgement & { until: number },
  keys: Keyring,
): Promise<string> =>
  new SignJWT({ tid: teamId, chn: channelId, rnd: round, pol: policyId, at })
    .setProtectedHeader({ alg: algorithm, kid: keys.newest.id })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(incidentId)
    .setExpirationTime(Math.floor(until / 1000))
    .sign(await keyOf(keys.newest));

/** Links from before they were bound to a channel lack these, and are valid no more. */
const claims = z
  .object({
    incidentId: z.string(),
    tid: z.string(),
    chn: z.string(),
    rnd: z.number(),
    pol: z.string().nullable(),
    at: z.number(),
  })
  .transform(
    ({ incidentId, tid, chn, rnd, pol, at }): Acknowledgement => ({
      ...{ incidentId, teamId: tid, channelId: chn, round: rnd },
      ...{ policyId: pol, at },
    }),
  );

/** What a link says; `expired` where its time is over, `invalid` for anything that is none of ours. */
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
