/** A monitor can depend on others, but no way along these may lead back to where it began. */

export const maxDependencies = 20;

/** What each monitor depends on. */
export type DependencyGraph = ReadonlyMap<number, readonly number[]>;

/** The shortest way round that `monitor` would close by depending on these: begins and ends with it. Null where there is none. */
export const wayRound = (monitor: number, dependsOn: readonly number[], graph: DependencyGraph): number[] | null => {
  const cameFrom = new Map<number, number>(dependsOn.map((first) => [first, monitor]));
  // A Map goes on with what is added while it is walked: breadth first.
  for (const reached of cameFrom.keys()) {
    if (reached === monitor) return wayTo(monitor, cameFrom);
    for (const next of graph.get(reached) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, reached);
  }
  return null;
};

const wayTo = (monitor: number, cameFrom: ReadonlyMap<number, number>): number[] => {
  const way = [monitor];
  for (let at = cameFrom.get(monitor); at !== undefined && at !== monitor; at = cameFrom.get(at)) way.unshift(at);
  return [monitor, ...way];
};

/** Long ways are named by their beginning and their end: `a → b → … → z → a`. */
export const describeWay = (names: readonly string[]): string =>
  (names.length > 8 ? [...names.slice(0, 4), '…', ...names.slice(-3)] : names).join(' → ');
