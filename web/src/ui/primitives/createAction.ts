import { createSignal } from 'solid-js';
import { asProblem, type Problem } from '../../lib/problem.ts';
import { opener } from './opener.ts';

/** A button that is disabled while its write runs loses the focus, and keyboard users lose their place. */
const focusAgain = (pressed: HTMLElement | null) => {
  if (document.activeElement === document.body) pressed?.focus();
};

/**
 * A write that a person starts: `pending()` while it runs, `problem()` when it failed. A second start while one runs is
 * ignored, so that a double click does not write twice. `run` resolves to undefined on failure.
 */
export const createAction = <Args extends unknown[], Result>(perform: (...args: Args) => Promise<Result>) => {
  const [pending, setPending] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem | null>(null);
  const run = async (...args: Args): Promise<Result | undefined> => {
    if (pending()) return undefined;
    const pressed = opener();
    setPending(true);
    setProblem(null);
    try {
      return await perform(...args);
    } catch (error) {
      setProblem(asProblem(error));
      return undefined;
    } finally {
      setPending(false);
      focusAgain(pressed);
    }
  };
  return { run, pending, problem, dismiss: () => setProblem(null) };
};
