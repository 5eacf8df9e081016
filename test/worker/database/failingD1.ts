/** As D1 fails where the connection to it breaks: https://developers.cloudflare.com/d1/observability/debug-d1/ */
export const connectionLost = () => new Error('D1_ERROR: Network connection lost.');

/** The real database, whose statements fail with `failure` where `fails` says so; each is asked as it runs. */
export const failingD1 = (
  d1: D1Database,
  fails: (sql: string) => boolean | Promise<boolean | null>,
  failure = connectionLost,
): D1Database => {
  const failing = (statement: D1PreparedStatement, sql: string): D1PreparedStatement =>
    new Proxy(statement, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== 'function') return value;
        if (name === 'bind') return (...values: unknown[]) => failing(target.bind(...values), sql);
        return async (...args: unknown[]) => {
          if (await fails(sql)) throw failure();
          return value.apply(target, args) as unknown;
        };
      },
    });
  return new Proxy(d1, {
    get: (target, name) => {
      if (name === 'prepare') return (sql: string) => failing(target.prepare(sql), sql);
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
};
