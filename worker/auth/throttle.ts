import { base64url } from 'jose';
import { tagFits, tagOf } from '../crypto/derivedKey.ts';
import { type Count, countAttempt, findSigningIn, recordFailure, uncountAttempt } from '../db/teams/signIns.ts';
import { emailKey } from '../domain/teams/account.ts';
import {
  type Limit,
  type Subject,
  signInLimits,
  signUpLimit,
  siteSignUpLimit,
  subjectsOf,
  windowEnd,
} from '../domain/teams/signIn.ts';
import { PharosError } from '../errors.ts';
import type { Services } from '../services.ts';
import type { Origin } from './actor.ts';
import { siteKey } from './limits.ts';

const devicePurpose = 'known devices v1';
const countPurpose = 'sign-in counts v1';

/** For the cookie of a browser that has signed in: names the device, and holds for one account. */
export const deviceTokenFor = async ({ config }: Services, email: string): Promise<string> => {
  const nonce = base64url.encode(crypto.getRandomValues(new Uint8Array(16)));
  return `${nonce}.${await tagOf(config.sessionSecret, devicePurpose, `${nonce}.${emailKey(email)}`)}`;
};

/** The name of the device; null where the account does not know it. */
const knownDevice = async ({ config }: Services, token: string | undefined, email: string): Promise<string | null> => {
  const [, nonce, tag] = token?.match(/^([\w-]{22})\.([\w-]{22})$/) ?? [];
  if (!nonce || !tag) return null;
  return (await tagFits(config.sessionSecret, devicePurpose, `${nonce}.${emailKey(email)}`, tag)) ? nonce : null;
};

/** Hashed under a secret: neither addresses nor the e-mails of strangers are kept. */
const hashed = ({ config }: Services, text: string) => tagOf(config.sessionSecret, countPurpose, text);

export const placeOf = (services: Services, network: string) => hashed(services, `place ${network}`);

/**
 * Counts an attempt to sign in before its password is checked. Returns the user, whether the device or network is known, and
 * how to take the count back. Throws `rate_limited`. An unknown e-mail is counted like a known one.
 */
export const countSignIn = async (services: Services, email: string, { network, device }: Origin) => {
  const { d1, now } = services;
  const key = emailKey(email);
  const [knownNonce, user] = await Promise.all([
    knownDevice(services, device, email),
    placeOf(services, network).then((place) => findSigningIn(d1, key, place)),
  ]);
  const knows = { device: knownNonce !== null && user !== null, network: user?.knowsPlace ?? false };
  const site = siteKey(network);
  const names: Record<Subject, string> = {
    pair: `pair ${network} ${key}`,
    account: `account ${key}`,
    network: `network ${network}`,
    site: `site ${site}`,
    device: `device ${knownNonce}`,
  };
  const counts = await Promise.all(
    subjectsOf(knows)
      .filter((subject) => subject !== 'site' || site !== null)
      .map(
        async (subject): Promise<Count> => ({
          subject: await hashed(services, names[subject]),
          until: windowEnd(signInLimits[subject], now()),
          limit: signInLimits[subject].failures,
        }),
      ),
  );
  const waitUntil = await countAttempt(d1, counts);
  if (waitUntil !== null) throw tooMany(waitUntil - now(), tooManyFailures);
  return {
    user,
    isKnown: knows.device || knows.network,
    uncount: () => uncountAttempt(d1, counts),
    fail: () => recordFailure(d1, key, now()),
  };
};

/**
 * Counts a sign-up of a network in the database, for all of Cloudflare: the rate-limit binding counts per location, of
 * which there are hundreds. Throws `rate_limited`.
 */
export const countSignUp = async (services: Services, network: string): Promise<void> => {
  const { d1, now } = services;
  const count = async (name: string, limit: Limit): Promise<Count> => ({
    subject: await hashed(services, name),
    until: windowEnd(limit, now()),
    limit: limit.failures,
  });
  const site = siteKey(network);
  const counts = [
    count(`signup ${network}`, signUpLimit),
    ...(site === null ? [] : [count(`signup site ${site}`, siteSignUpLimit)]),
  ];
  const waitUntil = await countAttempt(d1, await Promise.all(counts));
  if (waitUntil === null) return;
  throw tooMany(waitUntil - now(), (wait) => `Too many sign-ups from your network. Wait ${wait} and try again.`);
};

const tooManyFailures = (wait: string) =>
  `Too many failed sign-ins. Wait ${wait}, or use a browser where you have signed in before.`;

const tooMany = (waitMs: number, messageOf: (wait: string) => string) => {
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
  const message = messageOf(minutes === 1 ? 'a minute' : `${minutes} minutes`);
  return new PharosError('rate_limited', message, [], Math.ceil(waitMs / 1000));
};
