import { hexOf } from '../hex.ts';
import { logFailure } from '../log.ts';

/** A sign-up does not wait longer for it. */
const timeoutMs = 1_500;

/**
 * Whether the password is in a list of stolen ones. Only the first five digits of its SHA-1 leave Pharos (k-anonymity,
 * https://haveibeenpwned.com/API/v3#PwnedPasswords), padded answers hide how many matched. False where `rangeUrl` is
 * null, and where the service does not answer: it is an addition, and nobody is kept out by it.
 */
export const isBreached = async (rangeUrl: string | null, password: string): Promise<boolean> => {
  if (rangeUrl === null) return false;
  const hash = hexOf(
    new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(password))),
  ).toUpperCase();
  try {
    const answer = await fetch(rangeUrl + hash.slice(0, 5), {
      headers: { 'add-padding': 'true', 'user-agent': 'Pharos' },
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'manual',
    });
    if (!answer.ok) throw new Error(`The list of stolen passwords answered ${answer.status}`);
    const suffix = hash.slice(5);
    const line = (await answer.text()).split(/\r?\n/).find((one) => one.startsWith(`${suffix}:`));
    return line !== undefined && Number(line.slice(suffix.length + 1)) > 0;
  } catch (error) {
    logFailure('request', 'none', error);
    return false;
  }
};
