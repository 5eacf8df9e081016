import { createSignal } from 'solid-js';

const read = <T>(key: string): T | null => {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as T | null;
  } catch {
    return null;
  }
};

const write = (key: string, value: unknown) => {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Without storage the draft lives as long as the page does.
  }
};

/** What somebody is writing, or null: kept in this tab until it is saved, through reloads and a session that ends. */
export const createDraft = <T extends object>(key: string) => {
  const name = `draft:${key}`;
  const [draft, setDraft] = createSignal<T | null>(read<T>(name));
  const change = (next: T | null) => {
    setDraft(() => next);
    write(name, next);
  };
  return [draft, change] as const;
};
