import { batch } from 'solid-js';
import { createStore, produce, unwrap } from 'solid-js/store';

/**
 * Names of the fields that tell the items of all lists within an answer apart, such as `['id']` or `['windowId', 'from']`;
 * an item is named by those of them that it has. `bulk`: the answer is plain data that no store walks.
 */
export type Identity = readonly [string, ...string[]] | 'bulk';

type Dict = Record<string, unknown>;

const isPlain = (value: unknown): value is Dict | unknown[] =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);

/**
 * A store of one screen with a copy of what the cache holds: nothing that the cache or another screen holds is ever
 * written to. What stays the same stays the same object, so its row, its open panels and the focus stay.
 */
export const createOwnData = <T>(fields: readonly string[]) => {
  const [store, setStore] = createStore<{ value: unknown }>({ value: undefined });
  /** Of which part of an answer each part of the store is a copy; parts that the cache kept need no second look. */
  const sources = new WeakMap<object, object>();

  const nameOf = (item: unknown): string | undefined => {
    if (!isPlain(item) || Array.isArray(item)) return undefined;
    const named = fields.filter((field) => item[field] !== undefined && item[field] !== null);
    return named.length > 0 ? named.map((field) => `${field} ${String(item[field])}`).join(' ') : undefined;
  };

  const copy = (source: unknown): unknown => {
    if (!isPlain(source)) return source;
    const made = Array.isArray(source)
      ? source.map(copy)
      : Object.fromEntries(Object.entries(source).map(([key, value]) => [key, copy(value)]));
    sources.set(made, source);
    return made;
  };

  const idOf = (value: Dict | unknown[]) => (Array.isArray(value) ? undefined : value.id);

  /** The same thing in two states, and not two things. */
  const isSame = (own: unknown, source: unknown): own is Dict | unknown[] =>
    isPlain(own) && isPlain(source) && Array.isArray(own) === Array.isArray(source) && idOf(own) === idOf(source);

  /** `own` is a draft of the store. */
  const follow = (own: Dict | unknown[], source: Dict | unknown[]): void => {
    const plain = unwrap(own);
    if (sources.get(plain) === source) return;
    sources.set(plain, source);
    if (Array.isArray(own)) followList(own, source as unknown[]);
    else followObject(own, source as Dict);
  };

  const followObject = (own: Dict, source: Dict): void => {
    for (const key of Object.keys(own)) if (!(key in source)) delete own[key];
    for (const [key, value] of Object.entries(source)) {
      const before = own[key];
      if (isSame(before, value)) follow(before, value as Dict);
      else if (before !== value) own[key] = copy(value);
    }
  };

  /** An item without a name is never taken for another one by its position. */
  const followList = (own: unknown[], source: unknown[]): void => {
    const known = new Map<string, unknown>();
    for (const item of own) {
      const name = nameOf(item);
      if (name !== undefined && !known.has(name)) known.set(name, item);
    }
    const next = source.map((item) => {
      const name = nameOf(item);
      const before = name === undefined ? undefined : known.get(name);
      if (before === undefined || name === undefined) return copy(item);
      known.delete(name);
      follow(before as Dict, item as Dict);
      return unwrap(before);
    });
    const plain = unwrap(own);
    next.forEach((item, i) => {
      if (plain[i] !== item) own[i] = item;
    });
    if (plain.length > next.length) own.length = next.length;
  };

  const show = (answer: T | undefined): void => {
    batch(() =>
      setStore(
        produce((draft: { value: unknown }) => {
          if (isSame(draft.value, answer)) follow(draft.value as Dict, answer as Dict);
          else draft.value = copy(answer);
        }),
      ),
    );
  };
  return [() => store.value as T | undefined, show] as const;
};
