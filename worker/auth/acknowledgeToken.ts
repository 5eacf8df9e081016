import { base64url } from 'jose';
import { tagFits, tagOf } from '../crypto/derivedKey.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { markBits, policyMark } from '../domain/incidents/acknowledgement.ts';
import { hexOf } from '../hex.ts';

/**
 * Links in messages by which their readers acknowledge an incident without a session: 27 letters and digits for the first
 * 16 million deliveries. Nothing ends in a sign that a telephone leaves out of a link, and no database row is needed to
 * sign one or to refuse a forged one.
 */

/** For so long after the message was made, ms. */
export const acknowledgeForMs = 24 * 3_600_000;

const purpose = 'acknowledge links v2';
/** 96 bits: with a million guesses a second one fits in 2.5 thousand million years. */
const tagBytes = 12;
const tagBits = BigInt(8 * tagBytes);
const minuteBits = 16n;
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The content of a link. The rest is in the delivery that carried it. */
export interface AcknowledgeLink {
  /** Number of the delivery. */
  delivery: number;
  /** When the delivery was created, in minutes, of which only the last 16 bits are known (`isMadeAt`). */
  minute: number;
  /** Of the policy by which the monitor went then (`policyMark`). */
  mark: number;
}

const minuteOf = (at: number) => Math.floor(at / 60_000) % 2 ** Number(minuteBits);

/** Whether the delivery that was created at `at` (ms) is the one that the link means: a restored database gives numbers again. */
export const isMadeAt = ({ minute }: AcknowledgeLink, at: number): boolean => minute === minuteOf(at);

const signedText = ({ delivery, minute, mark }: AcknowledgeLink) => `${delivery}.${minute}.${mark}`;

/** `at`: when the delivery was created, ms since the epoch. */
export const signAcknowledgeToken = async (
  { delivery, at, policyId }: { delivery: number; at: number; policyId: string | null },
  keys: Keyring,
): Promise<string> => {
  const link = { delivery, minute: minuteOf(at), mark: policyMark(policyId) };
  const tag = base64url.decode(await tagOf(keys, purpose, signedText(link), tagBytes));
  const parts: [value: bigint, bits: bigint][] = [
    [BigInt(link.minute), minuteBits],
    [BigInt(link.mark), BigInt(markBits)],
    [BigInt(`0x${hexOf(tag)}`), tagBits],
  ];
  return encoded(parts.reduce((sum, [value, bits]) => (sum << bits) | value, BigInt(delivery)));
};

/** The content of a link; `expired` after its time, `invalid` for anything that Pharos has not signed. */
export const readAcknowledgeToken = async (
  token: string,
  keys: Keyring,
  now: number,
): Promise<AcknowledgeLink | 'expired' | 'invalid'> => {
  if (!/^[1-9A-Za-z][0-9A-Za-z]{21,30}$/.test(token)) return 'invalid';
  let rest = decoded(token);
  const take = (bits: bigint) => {
    const value = BigInt.asUintN(Number(bits), rest);
    rest >>= bits;
    return value;
  };
  const tag = bytesOf(take(tagBits));
  const mark = Number(take(BigInt(markBits)));
  const minute = Number(take(minuteBits));
  const link = { delivery: Number(rest), minute, mark };
  if (!(await tagFits(keys, purpose, signedText(link), base64url.encode(tag), tagBytes))) return 'invalid';
  // One of 45 days ago looks new again; its delivery decides.
  const minutesAgo = (minuteOf(now) - minute + 2 ** Number(minuteBits)) % 2 ** Number(minuteBits);
  const isAhead = minutesAgo > 2 ** Number(minuteBits) - clockMinutes;
  return isAhead || minutesAgo * 60_000 <= acknowledgeForMs ? link : 'expired';
};

/** Clocks of two machines may differ by so much. */
const clockMinutes = 5;

const encoded = (value: bigint): string => {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = digits.charAt(Number(rest % 62n)) + text;
  return text;
};

const decoded = (text: string): bigint =>
  [...text].reduce((value, digit) => value * 62n + BigInt(digits.indexOf(digit)), 0n);

const bytesOf = (value: bigint) =>
  Uint8Array.from({ length: tagBytes }, (_, i) => Number((value >> BigInt(8 * (tagBytes - 1 - i))) & 255n));
