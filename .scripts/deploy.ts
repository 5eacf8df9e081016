/**
 * `npm run deploy`: everything to the account that wrangler is signed in to; can be run again at any time.
 * `-- --dry-run` does what can be done without an account and tells the rest.
 */
import {
  ensureDatabase,
  ensurePagesProject,
  ensureQueue,
  listSecrets,
  requireAccount,
  wrangler,
} from './lib/account.ts';
import { dashboardBuild } from './lib/dashboard.ts';
import { files, withSecretFile, writeConfig, writeMigrations, writePages } from './lib/deployment.ts';
import { openFleet } from './lib/processes.ts';
import { newSecrets } from './lib/secrets.ts';
import { keyNames, requireUsable, secretsToDeploy } from './lib/settings.ts';
import { queueNames, variableDefaults } from './lib/workerConfig.ts';

const project = 'pharos-dashboard';
const say = (text: string) => console.log(text);

const buildPages = async () => {
  const fleet = openFleet();
  try {
    await fleet.run(dashboardBuild(files.dashboard, files.log, false));
  } finally {
    await fleet.stop();
  }
  writePages();
};

/** PUBLIC_ORIGIN of the environment, else the project's one custom domain, else its pages.dev address. */
const originOf = (domains: string[]): string => {
  const chosen = process.env.PUBLIC_ORIGIN;
  if (chosen) return new URL(chosen).origin;
  const custom = domains.filter((domain) => !domain.endsWith('.pages.dev'));
  if (custom.length > 1)
    throw new Error(`The dashboard has several domains. Say which one people use: PUBLIC_ORIGIN=https://${custom[0]}`);
  return `https://${custom[0] ?? domains[0]}`;
};

const tryWithoutAccount = async () => {
  writeConfig();
  writeMigrations();
  say('✓ Every migration has a form that D1 takes.');
  await buildPages();
  await wrangler('bundle the worker', ['deploy', '--dry-run', '--config', files.config, '--outdir', files.worker]);
  say('✓ The worker is bundled and its configuration accepted (wrangler deploy --dry-run).');
  const build = ['pages', 'functions', 'build', 'functions', '--outdir', files.functions];
  await wrangler('compile the Pages Functions', build, files.pages);
  say('✓ The dashboard is built and its Pages Functions are compiled.');
  say('\nnpm run deploy would now, in the account of `wrangler login`, where it is missing:');
  say('  create the D1 database pharos and apply the migrations to it');
  say(`  create the queues ${queueNames().join(', ')}`);
  say(`  create the Pages project ${project}`);
  say(`  set the secrets ${keyNames.join(', ')} to random values, or to those of the environment`);
  const chosen = Object.keys(secretsToDeploy(process.env, keyNames));
  if (chosen.length > 0) say(`  set from the environment: ${chosen.join(', ')}`);
  say('  and then deploy the worker and the dashboard.');
};

const deployWorker = async (origin: string) => {
  const present = await listSecrets(files.config);
  const given = secretsToDeploy(process.env, present);
  const missing = keyNames.filter((name) => !present.includes(name) && !(name in given));
  const secrets = { ...newSecrets(missing), ...given };
  const args = ['deploy', '--config', files.config, '--var', `PUBLIC_ORIGIN:${origin}`];
  const names = Object.keys(secrets);
  if (names.length === 0) await wrangler('deploy the worker', args);
  else await withSecretFile(secrets, (file) => wrangler('deploy the worker', [...args, '--secrets-file', file]));
  say(`✓ The worker is deployed${names.length ? `, with the secrets ${names.join(', ')}` : ''}.`);
};

const deployAll = async () => {
  await requireAccount();
  writeMigrations();
  await buildPages();
  say('✓ The dashboard is built.');
  writeConfig(await ensureDatabase('pharos'));
  say('✓ The database is there.');
  for (const name of queueNames()) await ensureQueue(name);
  say(`✓ The ${queueNames().length} queues are there.`);
  const origin = originOf(await ensurePagesProject(project));
  const migrate = ['d1', 'migrations', 'apply', 'pharos', '--remote', '--config', files.config];
  await wrangler('apply the migrations', migrate);
  say('✓ The migrations are applied.');
  await deployWorker(origin);
  // After the worker, which its service binding names.
  const upload = ['pages', 'deploy', 'dist', '--project-name', project, '--branch', 'main', '--commit-dirty=true'];
  await wrangler('deploy the dashboard', upload, files.pages);
  say(`✓ The dashboard is deployed.\n\nPharos is at ${origin}`);
};

try {
  requireUsable({ ...variableDefaults(), ...secretsToDeploy(process.env, []) });
  await (process.argv.includes('--dry-run') ? tryWithoutAccount() : deployAll());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
