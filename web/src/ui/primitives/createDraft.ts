import { createSignal } from 'solid-js';
import { knownAccount } from '../../lib/account.ts';

const every = 'draft:';
const ofAccount = () => `${every}${knownAccount()}:`;
const nameOf = (key: string) => `${ofAccount()}${key}`;

const read = <T>(key: string): T | null => {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(key)) ?? 'null') as T | null;
  } catch {
    return null;
  }
};

const write = (key: string, value: unknown) => {
  try {
    if (value === null) sessionStorage.removeItem(nameOf(key));
    else sessionStorage.setItem(nameOf(key), JSON.stringify(value));
  } catch {
    // Without storage the draft lives as long as the page does.
  }
};

/**
 * What somebody is writing, or null: kept in this tab until it is saved, through reloads and a session that ends. The key
 * may come to be another, as where it names a version.
 */
export const createDraft = <T extends object>(key: string | (() => string)) => {
  const current = typeof key === 'string' ? () => key : key;
  let place = current();
  const [draft, setDraft] = createSignal<T | null>(read<T>(place));
  const change = (next: T | null) => {
    setDraft(() => next);
    write(place, null);
    place = current();
    write(place, next);
  };
  return [draft, change] as const;
};

export const hasDraft = (key: string): boolean => read(key) !== null;

const forgetWhere = (isMeant: (name: string) => boolean): void => {
  try {
    for (const name of Object.keys(sessionStorage))
      if (name.startsWith(every) && isMeant(name)) sessionStorage.removeItem(name);
  } catch {
    // Without storage there are none.
  }
};

/** Whoever signs out leaves nothing behind for the next one at this browser. */
export const forgetDrafts = (): void => forgetWhere(() => true);

/** Nor does somebody whose session ended, once another signs in. */
export const forgetDraftsOfOthers = (): void => forgetWhere((name) => !name.startsWith(ofAccount()));
