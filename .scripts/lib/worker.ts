import { readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { inRoot, tools } from './paths.ts';
import type { Launch } from './processes.ts';
import { devVars, writeSecretFile } from './secretFile.ts';
import type { State } from './state.ts';
import { configText } from './workerConfig.ts';
import { localEnvironment } from './wrangler.ts';

export const localMigrations = (state: State, verbose: boolean): Launch => ({
  ...wrangler('migrations', state, verbose),
  args: ['d1', 'migrations', 'apply', 'pharos', '--local', '--persist-to', state.database],
});

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
  writeFileSync(state.workerConfig, configText({ secrets: Object.keys(secrets) }));
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
