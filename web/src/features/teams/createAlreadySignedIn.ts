import { createSignal, onCleanup } from 'solid-js';
import { api } from '../../app/cache/api.ts';
import { knownAccount } from '../../lib/account.ts';

/** Only a path of this site: an address that comes from outside must not send a person elsewhere. */
export const safeNext = (next: string | string[] | undefined) =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/monitors';

/** Longer than that nobody waits for the form, should the API not answer. */
export const askForMs = 2_000;

/** True while it is not known whether this browser is signed in already; a signed-in one goes on to `next`. */
export const createAlreadySignedIn = (goOn: () => void) => {
  const [isAsking, setAsking] = createSignal(knownAccount() !== '');
  if (!isAsking()) return isAsking;
  const timer = setTimeout(() => setAsking(false), askForMs);
  let isHere = true;
  onCleanup(() => {
    isHere = false;
    clearTimeout(timer);
  });
  const signedIn = () => isHere && isAsking() && goOn();
  void api
    .me()
    .then(signedIn, () => {})
    .finally(() => setAsking(false));
  return isAsking;
};
