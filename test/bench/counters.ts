import { countedDatabase, type Ran } from '../worker/database/countedD1.ts';

/** Counts of the pipeline since the last reset. One isolate runs consumer and objects alike, so a module can count. */
export const fresh = () => ({
  rowsRead: 0,
  rowsWritten: 0,
  /** Statements that wrote ticks, and how many ticks these brought. */
  appends: 0,
  brought: 0,
  /** Monitors that changed lanes. */
  laneChanges: 0,
  monitorCalls: 0,
  proberCalls: 0,
  /** Of all Prober objects, from a call until its last check has ended: what is billed, as far as calls do not overlap. */
  proberMs: 0,
  /** Of these, calls that took over what another object could not begin. */
  handedOn: 0,
  logLines: 0,
});

export const counts = fresh();
export const proberNames = new Set<string>();

export const reset = () => {
  Object.assign(counts, fresh());
  proberNames.clear();
};

const countResult = ({ query, values }: Ran, result: D1Result) => {
  counts.rowsRead += result.meta.rows_read;
  counts.rowsWritten += result.meta.rows_written;
  if (query.includes('INTO tick_batches')) {
    counts.appends++;
    counts.brought += Object.keys(JSON.parse(String(values.at(-1)))).length;
  }
  if (query.includes('SET slow_regions')) counts.laneChanges += result.meta.changes;
};

/** `lane:move:shard` behind the region (checks/pipeline/consume.ts). */
const countProber = (name: string) => {
  counts.proberCalls++;
  proberNames.add(name);
  if (Number(name.split(':')[2] ?? 0) > 0) counts.handedOn++;
};

const countedOf = new WeakMap<Env, Env>();

/** The platform's bindings, with counters around database, Monitor and Prober objects; one object per environment. */
export const counted = (env: Env): Env => {
  const known = countedOf.get(env) ?? withCounters(env);
  countedOf.set(env, known);
  return known;
};

const withCounters = (env: Env): Env => ({
  ...env,
  DB: countedDatabase(env.DB, countResult),
  MONITOR: new Proxy(env.MONITOR, {
    get: (namespace, name) => {
      if (name === 'get') counts.monitorCalls++;
      return Reflect.get(namespace, name).bind(namespace);
    },
  }),
  PROBER: new Proxy(env.PROBER, {
    get: (namespace, name) => {
      if (name !== 'idFromName') return Reflect.get(namespace, name).bind(namespace);
      return (named: string) => {
        countProber(named);
        return namespace.idFromName(named);
      };
    },
  }),
});

for (const method of ['log', 'error'] as const) {
  const write = console[method].bind(console);
  console[method] = (...given: unknown[]) => {
    counts.logLines++;
    write(...given);
  };
}
