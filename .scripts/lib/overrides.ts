/** Settings of the worker that a local run takes from the environment where they are set there, even to nothing. */
const names = [
  'ALLOWED_ORIGINS',
  'ALLOW_PRIVATE_TARGETS',
  'AUDIT_DAYS',
  'BCRYPT_COST',
  'DATA_CENTRE_URL',
  'DEAD_MAN_URL',
  'DELIVERY_DAYS',
  'PROBER_SHARDS',
  'PUBLIC_ORIGIN',
  'SIGN_UP',
];

export const varsFrom = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
