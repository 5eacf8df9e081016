import type { Region } from '../../worker/domain/checks/region.ts';

/** A statement as it was run. */
interface Ran {
  query: string;
  values: unknown[];
}

/** The subrequests of an invocation: the free plan allows 50, and each call is one, whatever is in it. */
export const fresh = () => ({
  /** To D1, and the statements in them. */
  trips: 0,
  statements: 0,
  queueSends: 0,
  objectCalls: 0,
});

export type Asked = ReturnType<typeof fresh>;

/** The last answer of each trip, by its statements. */
export const answers = new Map<string, unknown>();

interface Watched extends Ran {
  real: D1PreparedStatement;
}

/** Counts trips; with `isAnswered` they are answered at once as they were last, so that the database costs nothing. */
const watchedDatabase = (db: D1Database, asked: () => Asked, isAnswered: () => boolean): D1Database => {
  const trip = async <T>(name: string, ran: readonly Ran[], run: () => Promise<T>): Promise<T> => {
    asked().trips += 1;
    asked().statements += ran.length;
    const key = `${name} ${ran.map(({ query }) => query).join()}`;
    if (isAnswered() && answers.has(key)) return answers.get(key) as T;
    const answer = await run();
    answers.set(key, answer);
    return answer;
  };
  const watched = (ran: Ran, real: D1PreparedStatement): Watched =>
    ({
      ...ran,
      real,
      bind: (...values: unknown[]) => watched({ ...ran, values }, real.bind(...values)),
      all: () => trip('all', [ran], () => real.all()),
      run: () => trip('run', [ran], () => real.run()),
      first: (...columns: [string]) => trip(`first ${columns}`, [ran], () => real.first(...columns)),
      raw: (...options: []) => trip('raw', [ran], () => real.raw(...options)),
    }) as Watched;
  return {
    prepare: (query: string) => watched({ query, values: [] }, db.prepare(query)),
    batch: (list: Watched[]) => trip('batch', list, () => db.batch(list.map(({ real }) => real))),
  } as unknown as D1Database;
};

/** These queues have no consumer: its work would be measured with it. */
const deafQueue = (asked: () => Asked) =>
  new Proxy({} as Queue, {
    get: () => async () => {
      asked().queueSends++;
    },
  });

const watchedNamespace = <T extends Rpc.DurableObjectBranded | undefined>(
  namespace: DurableObjectNamespace<T>,
  asked: () => Asked,
) =>
  new Proxy(namespace, {
    get: (real, name) => {
      if (name !== 'get') return Reflect.get(real, name).bind(real);
      return (...given: Parameters<typeof real.get>) =>
        new Proxy(real.get(...given), {
          get: (stub, method) => {
            asked().objectCalls++;
            return (stub as unknown as Record<string | symbol, unknown>)[method];
          },
        });
    },
  });

const queues = (['wnam', 'enam', 'weur', 'eeur', 'apac', 'apac-ne', 'apac-se', 'oc'] satisfies Region[]).map(
  (region) => `CHECKS_${region.toUpperCase().replace('-', '_')}` as keyof Env,
);

/** The platform's bindings, counting into what `asked` answers. */
export const watching = (env: Env, asked: () => Asked, isAnswered: () => boolean): Env => ({
  ...env,
  DB: watchedDatabase(env.DB, asked, isAnswered),
  MONITOR: watchedNamespace(env.MONITOR, asked),
  PROBER: watchedNamespace(env.PROBER, asked),
  OUTBOX: watchedNamespace(env.OUTBOX, asked),
  FEED: watchedNamespace(env.FEED, asked),
  ALERTS: deafQueue(asked),
  ...Object.fromEntries(queues.map((name) => [name, deafQueue(asked)])),
});
