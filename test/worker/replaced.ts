/** Files share a runtime, which a file that ends in the middle must leave as it was: the next one puts all back. */
const kept = globalThis as { putBack?: (() => void)[] };
kept.putBack ??= [];

/** Puts `make(what was there)` in place of a member, until the next file begins. */
export const replace = <T extends object, K extends keyof T>(owner: T, name: K, make: (real: T[K]) => T[K]) => {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  const real = owner[name];
  kept.putBack?.push(() => {
    if (own) Object.defineProperty(owner, name, own);
    else delete owner[name];
  });
  owner[name] = make(real);
};

export const putBack = () => {
  for (const undo of kept.putBack?.splice(0).toReversed() ?? []) undo();
};
