import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** A secret of 256 random bits, in characters that no shell or file format takes for something else. */
const newSecret = () => randomBytes(32).toString('base64url');

/** P-256, as browsers and push services take it. https://www.rfc-editor.org/rfc/rfc8292#section-3.2 */
const newVapidKeys = () => {
  const {
    x = '',
    y = '',
    d = '',
  } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({
    format: 'jwk',
  });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return { VAPID_PUBLIC_KEY: point.toString('base64url'), VAPID_PRIVATE_KEY: d };
};

/** New random values for `missing`. Half a pair of keys is worth nothing, so both are made where one is missing. */
export const newSecrets = (missing: readonly string[]): Record<string, string> => {
  const [pair, single] = [missing.filter(isVapid), missing.filter((name) => !isVapid(name))];
  return {
    ...Object.fromEntries(single.map((name) => [name, newSecret()])),
    ...(pair.length > 0 ? newVapidKeys() : {}),
  };
};

const isVapid = (name: string) => name.startsWith('VAPID_');
