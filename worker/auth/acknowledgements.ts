import { errors, jwtVerify, SignJWT } from 'jose';

/** Links in messages by which whoever reads them takes an incident on, without a session. */

const issuer = 'pharos';
const audience = 'pharos-acknowledge';
const algorithm = 'HS256';

/** For so long after the message was made, ms. */
export const acknowledgeForMs = 24 * 3_600_000;

export interface Acknowledgement {
  teamId: string;
  incidentId: string;
  /** Name of the channel whose message holds the link. */
  through: string;
}

export const signAcknowledgement = async (
  { teamId, incidentId, through, until }: Acknowledgement & { until: number },
  secret: string,
): Promise<string> =>
  new SignJWT({ tid: teamId, via: through })
    .setProtectedHeader({ alg: algorithm })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(incidentId)
    .setExpirationTime(Math.floor(until / 1000))
    .sign(await keyOf(secret));

/** What a link says; `expired` where its time is over, `invalid` for anything that is none of ours. */
export const readAcknowledgement = async (
  token: string,
  secret: string,
  now: number,
): Promise<Acknowledgement | 'expired' | 'invalid'> => {
  try {
    const { payload } = await jwtVerify(token, await keyOf(secret), {
      algorithms: [algorithm],
      issuer,
      audience,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(now),
    });
    return { incidentId: String(payload.sub), teamId: String(payload.tid), through: String(payload.via) };
  } catch (error) {
    return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
  }
};

/** Of its own, so that no link can pass for a session. HKDF-SHA-256, https://www.rfc-editor.org/rfc/rfc5869 */
const keyOf = async (secret: string) => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const material = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveBits']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: encode('pharos'), info: encode('acknowledge links v1') };
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, material, 256));
};
