import { inRoot, tools } from './paths.ts';
import type { Launch } from './processes.ts';
import type { State } from './state.ts';
import { localEnvironment } from './wrangler.ts';

export const localMigrations = (state: State, verbose: boolean): Launch => ({
  ...wrangler('migrations', state, verbose),
  args: ['d1', 'migrations', 'apply', 'pharos', '--local', '--persist-to', state.database],
});

export const workerServer = (state: State, port: number, vars: Record<string, string>, verbose: boolean): Launch => ({
  ...wrangler('worker', state, verbose),
  args: [
    ...['dev', '--port', String(port), '--inspector-port', '0', '--show-interactive-dev-session=false'],
    ...['--persist-to', state.database, '--env-file', state.secretsFile],
    ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
  ],
});

const wrangler = (name: string, state: State, verbose: boolean): Omit<Launch, 'args'> => ({
  name,
  script: tools.wrangler,
  cwd: inRoot('.'),
  env: localEnvironment(state),
  logFile: state.log(name),
  verbose,
});
