import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { inRoot, tools } from './paths.ts';
import type { Launch } from './processes.ts';
import { devVars, writeSecretFile } from './secretFile.ts';
import type { State } from './state.ts';
import { configText } from './workerConfig.ts';
import { localEnvironment } from './wrangler.ts';

/** wrangler starts a runtime for each migration: a new database gets all of them at once, in one transaction. */
export const localMigrations = (state: State, verbose: boolean): Launch => {
  const isNew = !existsSync(join(state.database, 'v3/d1'));
  if (isNew) writeFileSync(state.migrations, allMigrations());
  const command = isNew ? ['execute', 'pharos', '--file', state.migrations] : ['migrations', 'apply', 'pharos'];
  return {
    ...wrangler('migrations', state, verbose),
    args: ['d1', ...command, '--local', '--persist-to', state.database],
  };
};

/** The statements of `wrangler d1 migrations apply` for an empty database, its records of applied migrations included. */
const allMigrations = () => {
  const folder = inRoot('migrations');
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const apply = (name: string) =>
    `${readFileSync(join(folder, name), 'utf8')}\n;\nINSERT INTO d1_migrations (name) VALUES ('${name}');`;
  return [
    `CREATE TABLE d1_migrations (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       name TEXT UNIQUE,
       applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
     );`,
    ...names.map(apply),
  ].join('\n');
};

/** Bundles the worker once for copies that do not watch its source: wrangler checks hundreds of files all the time. */
export const workerBundle = (state: State, verbose: boolean): Launch => {
  writeFileSync(state.workerConfig, configText({}));
  return {
    ...wrangler('bundle', state, verbose),
    args: ['deploy', '--dry-run', '--config', state.workerConfig, '--outdir', state.bundle],
  };
};

/**
 * The worker with these settings over those of wrangler.toml. They go through a file that its owner alone can read: a
 * process list shows arguments to everybody on the machine.
 */
export const workerServer = (
  state: State,
  port: number,
  settings: Record<string, string>,
  verbose: boolean,
): Launch => {
  const secrets = { ...parseEnv(readFileSync(state.secretsFile, 'utf8')), ...settings } as Record<string, string>;
  const bundle = join(state.bundle, 'index.js');
  const secretNames = Object.keys(secrets);
  writeFileSync(state.workerConfig, configText({ secrets: secretNames, ...(existsSync(bundle) && { bundle }) }));
  writeSecretFile(state.workerSecrets, devVars(secrets));
  return {
    ...wrangler('worker', state, verbose),
    args: [
      ...['dev', '--config', state.workerConfig, '--port', String(port), '--inspector-port', '0'],
      ...['--show-interactive-dev-session=false', '--persist-to', state.database],
    ],
  };
};

const wrangler = (name: string, state: State, verbose: boolean): Omit<Launch, 'args'> => ({
  name,
  script: tools.wrangler,
  cwd: inRoot('.'),
  env: localEnvironment(state),
  logFile: state.log(name),
  verbose,
});
