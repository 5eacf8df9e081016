import { importJWK, jwtVerify } from 'jose';
import type { Received } from '../../provided.ts';

const bytesOf = (base64: string) =>
  Uint8Array.from(atob(base64.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
const ascii = (text: string) => new TextEncoder().encode(text);
const base64Url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** The browser's half, RFC 8291 section 5. */
const browser = {
  publicKey: bytesOf('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
  privateKey: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
  auth: bytesOf('BTBZMqHH6r4Tts7J_aSIgg'),
};

const jwk = (point: Uint8Array, d?: string) => ({
  kty: 'EC',
  crv: 'P-256',
  x: base64Url(point.subarray(1, 33)),
  y: base64Url(point.subarray(33, 65)),
  ...(d ? { d } : {}),
});

const derive = async (ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, bytes: number) => {
  const key = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, bytes * 8));
};

/** What a browser makes of a push, by https://www.rfc-editor.org/rfc/rfc8291#section-3.4 and 8188 section 2. */
export const decryptPush = async (received: Received): Promise<unknown> => {
  const body = bytesOf(received.body);
  const salt = body.subarray(0, 16);
  const server = body.subarray(21, 21 + (body[20] ?? 0));
  const record = body.subarray(21 + server.length);
  const p256 = { name: 'ECDH', namedCurve: 'P-256' };
  const own = await crypto.subtle.importKey('jwk', jwk(browser.publicKey, browser.privateKey), p256, false, [
    'deriveBits',
  ]);
  const theirs = await crypto.subtle.importKey('raw', server, p256, false, []);
  // The types of the runtime call it `$public`; the runtime takes what the standard says.
  const agreement = { name: 'ECDH', public: theirs } as unknown as SubtleCryptoDeriveKeyAlgorithm;
  const shared = new Uint8Array(await crypto.subtle.deriveBits(agreement, own, 256));
  const keyInfo = joined(ascii('WebPush: info\0'), browser.publicKey, server);
  const ikm = await derive(shared, browser.auth, keyInfo, 32);
  const contentKey = await derive(ikm, salt, ascii('Content-Encoding: aes128gcm\0'), 16);
  const nonce = await derive(ikm, salt, ascii('Content-Encoding: nonce\0'), 12);
  const key = await crypto.subtle.importKey('raw', contentKey, 'AES-GCM', false, ['decrypt']);
  const padded = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, key, record));
  return JSON.parse(new TextDecoder().decode(padded.subarray(0, padded.lastIndexOf(2))));
};

/** https://www.rfc-editor.org/rfc/rfc8292#section-3 */
export const verifyVapid = async (authorization: string, audience: string): Promise<boolean> => {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization) ?? [];
  const { payload } = await jwtVerify(token, await importJWK(jwk(bytesOf(key)), 'ES256'), { audience });
  return typeof payload.sub === 'string' && Number(payload.exp) <= Date.now() / 1000 + 86_400;
};
