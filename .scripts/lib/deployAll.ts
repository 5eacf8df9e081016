import {
  ensureDatabase,
  ensurePagesProject,
  ensureQueues,
  listSecrets,
  readDatabase,
  requireAccount,
  wrangler,
} from './account.ts';
import { files, withSecretFile, writeConfig, writeMigrations } from './deployment.ts';
import { type DeployStep, takeSteps } from './deploySteps.ts';
import { newSecrets } from './secrets.ts';
import { keyNames, secretsToDeploy } from './settings.ts';
import { queueNames, variableDefaults } from './workerConfig.ts';

export const project = 'pharos-dashboard';

/** Location of a new database; empty: near the deployer. */
export const locationOf = (environment: NodeJS.ProcessEnv): string =>
  environment.D1_LOCATION ?? variableDefaults().D1_LOCATION ?? '';

/** PUBLIC_ORIGIN of the environment, else the project's one custom domain, else its pages.dev address. */
const originOf = (domains: string[], chosen: string | undefined): string => {
  if (chosen) return new URL(chosen).origin;
  const custom = domains.filter((domain) => !domain.endsWith('.pages.dev'));
  if (custom.length > 1)
    throw new Error(`The dashboard has several domains. Choose the public one: PUBLIC_ORIGIN=https://${custom[0]}`);
  return `https://${custom[0] ?? domains[0]}`;
};

interface Deployment {
  environment: NodeJS.ProcessEnv;
  /** Builds what Pages serves into `files.pages`. */
  buildPages: () => Promise<void>;
  say: (line: string) => void;
}

/** Throws `DeployError` where a part fails; run again, it does the rest. */
export const deployAll = async ({ environment, buildPages, say }: Deployment): Promise<void> => {
  const found = { origin: '', location: '', hasDispatched: false };
  const wanted = locationOf(environment);
  const steps: DeployStep[] = [
    {
      task: 'find the account',
      run: async () => {
        await requireAccount();
        return 'Wrangler is signed in';
      },
    },
    {
      task: 'build the dashboard',
      run: async () => {
        writeMigrations();
        await buildPages();
        return 'The dashboard is built';
      },
    },
    {
      task: 'create the database',
      run: async () => {
        writeConfig(await ensureDatabase('pharos', wanted));
        return 'The database exists';
      },
    },
    {
      task: 'create the queues',
      run: async () => {
        await ensureQueues(queueNames());
        return `The ${queueNames().length} queues exist`;
      },
    },
    {
      task: 'create the Pages project',
      run: async () => {
        found.origin = originOf(await ensurePagesProject(project), environment.PUBLIC_ORIGIN);
        return 'The Pages project exists';
      },
    },
    {
      task: 'apply the migrations',
      run: async () => {
        await wrangler('apply them', ['d1', 'migrations', 'apply', 'pharos', '--remote', '--config', files.config]);
        return 'The migrations are applied';
      },
      afterFailure:
        'The migrations before the failed one stay applied; the failed one was rolled back. A previously deployed worker continues to run, but fails where a migration renamed or removed a column; repeat the deployment soon.',
    },
    {
      task: 'look where the database is',
      run: async () => {
        const { location, hasDispatched } = await readDatabase(files.config);
        Object.assign(found, { location: location ?? wanted, hasDispatched });
        return location ? `The database is in ${location}` : 'The database answers';
      },
    },
    {
      task: 'deploy the worker',
      run: () => deployWorker(environment, found),
      afterFailure:
        'The new version may be active without its cron or queues, so checks may be stopped until the deployment succeeds. Its secrets are kept.',
    },
    {
      task: 'deploy the dashboard',
      // After the worker, which its service binding names.
      run: async () => {
        const upload = [
          'pages',
          'deploy',
          'dist',
          '--project-name',
          project,
          '--branch',
          'main',
          '--commit-dirty=true',
        ];
        await wrangler('upload it', upload, files.pages);
        return 'The dashboard is deployed';
      },
      afterFailure: 'The new worker is active and checks continue. The dashboard is still the previous one, if any.',
    },
  ];
  await takeSteps(steps, say);
  say(`\nPharos is at ${found.origin}`);
  if (!found.hasDispatched)
    say(
      'Cloudflare starts a new cron within 15 minutes; the first regular checks run then. Until then, /healthz says "not started".',
    );
  if (wanted && found.location !== wanted)
    say(
      `The database is in ${found.location}, not in ${wanted} as D1_LOCATION asks: a database cannot be moved. .scripts/README.md (Deploying) explains the move.`,
    );
};

const deployWorker = async (
  environment: NodeJS.ProcessEnv,
  { origin, location }: { origin: string; location: string },
): Promise<string> => {
  const present = await listSecrets(files.config);
  const given = secretsToDeploy(environment, present);
  const missing = keyNames.filter((name) => !present.includes(name) && !(name in given));
  const secrets = { ...newSecrets(missing), ...given };
  const vars = ['--var', `PUBLIC_ORIGIN:${origin}`, '--var', `D1_LOCATION:${location}`];
  const args = ['deploy', '--config', files.config, ...vars];
  const names = Object.keys(secrets);
  if (names.length === 0) await wrangler('upload it', args);
  else await withSecretFile(secrets, (file) => wrangler('upload it', [...args, '--secrets-file', file]));
  return `The worker is deployed${names.length ? `, with the secrets ${names.join(', ')}` : ''}`;
};
