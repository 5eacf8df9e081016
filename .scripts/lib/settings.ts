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

/** What `npm start` takes from the environment: all but what it decides itself. */
export const localOverrides = (environment: NodeJS.ProcessEnv) =>
  settingsFrom(environment, namesOf('variable', 'key', 'secret'));

/** Secrets of the environment to deploy. A key that the account has already stays: what it has sealed needs it. */
export const secretsToDeploy = (environment: NodeJS.ProcessEnv, present: readonly string[]) =>
  Object.fromEntries(
    Object.entries(settingsFrom(environment, namesOf('key', 'secret'))).filter(
      ([name, value]) => value !== '' && !(keyNames.includes(name) && present.includes(name)),
    ),
  );
