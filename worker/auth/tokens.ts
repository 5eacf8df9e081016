import { base64url, jwtVerify, SignJWT } from 'jose';
import { tagFits, tagOf } from '../crypto/derivedKey.ts';
import { type Key, type Keyring, plainKeyId } from '../crypto/keyring.ts';
import { PharosError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import type { SessionIdentity } from './actor.ts';

const issuer = 'pharos';
const audience = 'pharos-api';
const algorithm = 'HS256';
export const accessSeconds = 10 * 60;

/** A JWT that names user, team and session for ten minutes. */
export const signAccessToken = ({ userId, teamId, sessionId }: SessionIdentity, { newest }: Keyring, now: number) =>
  new SignJWT({ sid: sessionId, tid: teamId })
    .setProtectedHeader({ alg: algorithm, kid: newest.id })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(userId)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor(now / 1000) + accessSeconds)
    .sign(keyOf(newest));

/**
 * The holder of an access token. The algorithm is ours to choose, never the token's. Throws `unauthenticated` for anything
 * but a valid token of ours.
 */
export const readAccessToken = async (token: string, keys: Keyring, now: number): Promise<SessionIdentity> => {
  const { payload } = await jwtVerify(token, ({ kid }) => keyOf(namedKey(keys, kid)), {
    algorithms: [algorithm],
    issuer,
    audience,
    requiredClaims: ['exp', 'sub'],
    currentDate: new Date(now),
  }).catch(() => {
    throw new PharosError('unauthenticated', 'The session is invalid or has expired.');
  });
  return { userId: String(payload.sub), teamId: String(payload.tid), sessionId: String(payload.sid) };
};

const refreshPurpose = 'refresh tokens v1';

/** `ses_….secret.tag`: names the session, proves it, and shows that Pharos made it. Only the secret's hash is stored. */
export const newRefreshToken = async (sessionId: string, keys: Keyring) => {
  const secret = base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
  const tag = await tagOf(keys, refreshPurpose, `${sessionId}.${secret}`);
  return { token: `${sessionId}.${secret}.${tag}`, hash: await hashOf(secret) };
};

/**
 * The session that a refresh token names, the hash of its secret, and whether Pharos made it; null where it has not the
 * form of one. Tokens from before tags have none.
 */
export const readRefreshToken = async (token: string | undefined, keys: Keyring) => {
  const [, sessionId, secret, tag] = token?.match(/^(ses_[0-9a-z]+)\.([\w-]{43})(?:\.([\w-]{22}))?$/) ?? [];
  if (!sessionId || !secret) return null;
  const isOurs = tag !== undefined && (await tagFits(keys, refreshPurpose, `${sessionId}.${secret}`, tag));
  return { sessionId, hash: await hashOf(secret), isOurs };
};

/** Fast on purpose: the secret is 256 random bits, which nobody guesses. */
const hashOf = async (secret: string) => base64url.encode(await sha256(secret));

/** Throws where the key is not there any more. Tokens from before keys had ids name none. */
export const namedKey = ({ byId }: Keyring, id = plainKeyId): Key => {
  const key = byId.get(id);
  if (!key) throw new Error('The signing key no longer exists.');
  return key;
};

const keyOf = ({ secret }: Key) => new TextEncoder().encode(secret);
