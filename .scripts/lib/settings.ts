import { type Setting, type SettingKind, settings } from '../../worker/settings.ts';

const all: [name: string, setting: Setting][] = Object.entries(settings);

const namesOf = (...kinds: SettingKind[]) => all.filter(([, { kind }]) => kinds.includes(kind)).map(([name]) => name);

/** Secrets that are created at random where they are missing. */
export const keyNames = namesOf('key');
export const variableNames = namesOf('variable');

/** The named settings that the environment sets, even to nothing. */
export const settingsFrom = (environment: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** The settings that `npm start` takes from the environment: all except its own. */
export const localOverrides = (environment: NodeJS.ProcessEnv) =>
  settingsFrom(environment, namesOf('variable', 'key', 'secret'));

/** Secrets of the environment to deploy. A key that the account already has stays: it is needed for what it has sealed. */
export const secretsToDeploy = (environment: NodeJS.ProcessEnv, present: readonly string[]) =>
  Object.fromEntries(
    Object.entries(settingsFrom(environment, namesOf('key', 'secret'))).filter(
      ([name, value]) => value !== '' && !(keyNames.includes(name) && present.includes(name)),
    ),
  );

/** Throws with every setting of the environment that the worker would refuse, before anything is started or deployed. */
export const requireUsable = (given: Record<string, string>) => {
  const problems = all.flatMap(([name, { schema }]) => {
    const value = given[name];
    if (value === undefined) return [];
    const parsed = schema.safeParse(value);
    // Not the value: it can be a secret.
    return (parsed.error?.issues ?? []).map(({ message }) =>
      message.includes(name) ? message : `${name}: ${message}`,
    );
  });
  if (problems.length > 0) throw new Error(`These settings cannot be used.\n${problems.join('\n')}`);
};
