import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { copyPagesProject, pagesProject } from './pagesProject.ts';
import { inRoot, tools } from './paths.ts';
import type { Launch } from './processes.ts';
import type { State } from './state.ts';
import { localEnvironment, plainEnvironment } from './wrangler.ts';

/** Builds the dashboard into `outDir`, so that copies that run side by side do not take the files from each other. */
export const dashboardBuild = (outDir: string, logFile: string, verbose: boolean): Launch => ({
  name: 'dashboard build',
  script: tools.vite,
  args: ['build', 'web', '--config', 'web/vite.config.ts', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
  cwd: inRoot('.'),
  env: { ...plainEnvironment(), NODE_ENV: 'production' },
  logFile,
  verbose,
});

/** The folder of built files for `dashboardServer`. */
export const dashboardFiles = (state: State) => join(pagesProject(state.dashboard), 'dist');

/**
 * Serves the built dashboard with its Pages Functions by `wrangler pages dev`, which applies `_headers` and the
 * single-page fallback as Pages does. It runs on a copy outside of `web/`, so that it finds no other wrangler.toml than
 * its own, and reaches the worker named `pharos` by the service binding over the registry folder of this copy.
 */
export const dashboardServer = (state: State, port: number, verbose: boolean): Launch => {
  mkdirSync(dashboardFiles(state), { recursive: true });
  copyPagesProject(state.dashboard);
  return {
    name: 'dashboard',
    script: tools.wrangler,
    args: ['pages', 'dev', '--port', String(port), '--inspector-port', '0', '--show-interactive-dev-session=false'],
    cwd: pagesProject(state.dashboard),
    env: localEnvironment(state),
    logFile: state.log('dashboard'),
    verbose,
  };
};
