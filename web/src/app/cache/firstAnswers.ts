import { createContext, createEffect, createSignal, onCleanup, useContext } from 'solid-js';

type IsWaiting = () => boolean;

/** Reports to the page around a query that its first response is pending; none outside of pages. */
const Waiting = createContext<(isWaiting: IsWaiting) => void>();
export const FirstAnswersProvider = Waiting.Provider;

/** Called by every query: its page is shown once the first answer is there. */
export const waitWithPage = (isWaiting: IsWaiting): void => useContext(Waiting)?.(isWaiting);

/** A slow answer does not hold back the others: from then on the page fills in piece by piece. */
const longestMs = 3_000;

/**
 * Whether all queries beneath have their first answers, so that nothing moves under the pointer when they come. It stays
 * so: what is asked later, because of something that a person does, hides nothing.
 */
export const createFirstAnswers = () => {
  const waiting = new Set<IsWaiting>();
  const [changes, setChanges] = createSignal(0);
  const [isThere, setThere] = createSignal(false);
  const changed = () => void setChanges((count) => count + 1);
  const register = (isWaiting: IsWaiting) => {
    if (isThere()) return;
    waiting.add(isWaiting);
    changed();
    onCleanup(() => {
      waiting.delete(isWaiting);
      changed();
    });
  };
  createEffect(() => {
    changes();
    if (isThere() || [...waiting].some((isWaiting) => isWaiting())) return;
    // One answer is often what the next question needs, which is asked in the same turn.
    const timer = window.setTimeout(() => setThere(true));
    onCleanup(() => window.clearTimeout(timer));
  });
  const latest = window.setTimeout(() => setThere(true), longestMs);
  onCleanup(() => window.clearTimeout(latest));
  return { isThere, register };
};
