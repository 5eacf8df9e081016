import { cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sendCron, startCron } from './cron.ts';
import { dashboardBuild, dashboardFiles, dashboardServer } from './dashboard.ts';
import { breakRegions, serveFaults } from './faults.ts';
import { root } from './paths.ts';
import { claimPort, findFreePort } from './ports.ts';
import { type Fleet, openFleet, type Running } from './processes.ts';
import { openState, type State } from './state.ts';
import { untilAnswer, untilHealthy } from './wait.ts';
import { localMigrations, workerBundle, workerServer } from './worker.ts';

export interface PharosOptions {
  /** Port of the dashboard; 0 or none: a free one. */
  port?: number;
  /** Port of the worker; 0 or none: a free one. */
  apiPort?: number;
  /** Folder of the local state. */
  stateDir: string;
  /** Folder that `preparePharos` has filled, to begin with instead of building and migrating. */
  prepared?: string;
  /** Settings of the worker, over those of wrangler.toml. */
  vars?: Record<string, string>;
  /** Whether to build and serve the dashboard (default), or to start the worker alone. */
  dashboard?: boolean;
  /** Whether to send the cron's events (default); without, the caller does. */
  cron?: boolean;
  verbose?: boolean;
  /** Hears what went wrong later without ending anything, such as a failed cron. */
  onWarning?: (message: string) => void;
  /** Ends everything, also while it starts. */
  signal?: AbortSignal;
}

export interface Pharos {
  /** The address of the dashboard; the worker's own origin where it was started alone. */
  origin: string;
  apiOrigin: string;
  /** Resolves with a message when a process has ended that should not; everything else has been ended then too. */
  fallen: Promise<string>;
  /** The output of the worker so far. */
  log(): string;
  /** From now on every probe of these regions fails, and those of others do not. */
  breakRegions(regions: readonly string[]): void;
  /** Sends the cron's event now, without waiting for the next minute. */
  sendCron(): Promise<void>;
  /** Ends everything; resolves when no process is left. */
  stop(): Promise<void>;
}

/**
 * Starts the real stack on this machine: migrations, worker, built dashboard with its Pages Functions, cron. Resolves
 * when all of it answers. Throws, with nothing left running, where something fails or `signal` is aborted.
 */
export const startPharos = async (options: PharosOptions): Promise<Pharos> => {
  const port = options.port || (await findFreePort());
  const apiPort = options.apiPort || (await findFreePort());
  await claimPort(port, 'PORT');
  await claimPort(apiPort, 'API_PORT');
  const state = openState(resolve(root, options.stateDir));
  const faults = await serveFaults(state.directory);
  const fleet = openFleet();
  const ending = new AbortController();
  const stop = async () => {
    ending.abort(new Error('Stopped.'));
    await fleet.stop();
    faults.stop();
    state.release();
  };
  options.signal?.addEventListener('abort', () => void stop());
  try {
    options.signal?.throwIfAborted();
    const vars = { LOCAL_FAULTS_URL: faults.url, ...options.vars };
    const running = await startServers({ ...options, port, apiPort, vars }, state, fleet);
    const fallen = untilOneFalls(running, fleet, stop);
    const problem = await Promise.race([untilReady({ ...options, port, apiPort }, ending.signal), fallen]);
    if (problem) throw new Error(problem);
    ending.signal.throwIfAborted();
    const log = () => readFileSync(state.log('worker'), 'utf8');
    const breakThem = (regions: readonly string[]) => breakRegions(state.directory, regions);
    const at = origins({ ...options, port, apiPort });
    return { ...at, fallen, log, breakRegions: breakThem, sendCron: () => sendCron(at.apiOrigin, ending.signal), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Builds dashboard and worker and migrates an empty database in a folder of its own, for copies that are to begin alike. */
export const preparePharos = async (stateDir: string): Promise<void> => {
  const state = openState(resolve(root, stateDir));
  const fleet = openFleet();
  try {
    await Promise.all([
      build(state, fleet, { dashboard: true, verbose: false }),
      fleet.run(workerBundle(state, false)),
    ]);
  } finally {
    await fleet.stop();
    state.release();
  }
};

type Settled = PharosOptions & { port: number; apiPort: number };

const origins = ({ port, apiPort, dashboard = true }: Settled) => {
  const apiOrigin = `http://localhost:${apiPort}`;
  return { apiOrigin, origin: dashboard ? `http://localhost:${port}` : apiOrigin };
};

const build = async (state: State, fleet: Fleet, { dashboard, verbose }: { dashboard: boolean; verbose: boolean }) => {
  const files = dashboardBuild(dashboardFiles(state), state.log('build'), verbose);
  await Promise.all([fleet.run(localMigrations(state, verbose)), dashboard && fleet.run(files)]);
};

const startServers = async (options: Settled, state: State, fleet: Fleet) => {
  const { port, apiPort, dashboard = true, verbose = false, prepared } = options;
  if (prepared)
    for (const part of ['worker', 'dashboard', 'bundle'])
      cpSync(join(prepared, part), join(state.directory, part), { recursive: true });
  else await build(state, fleet, { dashboard, verbose });
  const local = {
    ALLOW_PRIVATE_TARGETS: 'true',
    LOCAL_RUNTIME: 'true',
    PUBLIC_ORIGIN: origins(options).origin,
    ...{
      DATA_CENTRE_URL: '',
      BREACHED_PASSWORDS_URL: '',
      DOMAIN_REQUESTS_PER_SECOND: '10000',
      STATUS_PAGE_SECONDS: '0',
    },
  };
  const worker = fleet.start(workerServer(state, apiPort, { ...local, ...options.vars }, verbose));
  return dashboard ? [worker, fleet.start(dashboardServer(state, port, verbose))] : [worker];
};

const untilReady = async (options: Settled, signal: AbortSignal): Promise<void> => {
  const { dashboard = true, cron = true, onWarning = () => {} } = options;
  const { origin, apiOrigin } = origins(options);
  await untilAnswer(`${apiOrigin}/healthz`, signal);
  if (dashboard) await Promise.all([untilAnswer(origin, signal), untilAnswer(`${origin}/api/v1/regions`, signal)]);
  if (!cron) return;
  await startCron(apiOrigin, onWarning, signal);
  await untilHealthy(apiOrigin, onWarning, signal);
};

/** Resolves with a message when a process ends although nobody has asked for it, once the others have been ended. */
const untilOneFalls = async (running: Running[], fleet: Fleet, stop: () => Promise<void>): Promise<string> => {
  const first = await Promise.race(running.map(async (process) => ({ process, code: await process.ended })));
  if (fleet.isStopping()) return new Promise(() => {});
  await stop();
  return `The ${first.process.name} ended with code ${first.code}. Its last lines:\n${first.process.tail()}`;
};
