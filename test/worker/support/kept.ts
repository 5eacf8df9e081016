/** Members as they were by what holds them; undefined where there was none of its own. */
type Kept = Map<object, Map<PropertyKey, PropertyDescriptor | undefined>>;

const kept: Kept = new Map();

/** Replacements in these members are undone before the next file, which runs in the same runtime. */
export const keep = (owner: object, names: readonly PropertyKey[] = Reflect.ownKeys(owner)) => {
  if (!kept.has(owner))
    kept.set(owner, new Map(names.map((name) => [name, Object.getOwnPropertyDescriptor(owner, name)])));
};

export const putBack = () => {
  for (const [owner, members] of kept)
    for (const [name, member] of members)
      if (member) Object.defineProperty(owner, name, member);
      else Reflect.deleteProperty(owner, name);
};
