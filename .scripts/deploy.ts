/**
 * `npm run deploy`: everything to the account that wrangler is signed in to; can be run again at any time.
 * `-- --dry-run` does what can be done without an account and lists the rest.
 */
import { wrangler } from './lib/account.ts';
import { dashboardBuild } from './lib/dashboard.ts';
import { deployAll, locationOf, project } from './lib/deployAll.ts';
import { files, pagesFolder, writeConfig, writeMigrations } from './lib/deployment.ts';
import { copyPagesProject } from './lib/pagesProject.ts';
import { openFleet } from './lib/processes.ts';
import { keyNames, requireUsable, secretsToDeploy, settingsFrom } from './lib/settings.ts';
import { argumentsOf } from './lib/usage.ts';
import { queueNames, variableDefaults } from './lib/workerConfig.ts';

const { options } = argumentsOf({
  command: 'npm run deploy',
  does: 'Deploys everything to the account that wrangler is signed in to. Can be run again at any time. Settings come from the environment; worker/SETTINGS.md lists them.',
  options: { 'dry-run': 'does what can be done without an account, and lists the rest' },
});
const say = (text: string) => console.log(text);

const buildPages = async () => {
  const fleet = openFleet();
  try {
    await fleet.run(dashboardBuild(files.dashboard, files.log, false));
  } finally {
    await fleet.stop();
  }
  copyPagesProject(pagesFolder);
};

const tryWithoutAccount = async () => {
  writeConfig();
  writeMigrations();
  say('✓ Every migration has a form that D1 takes.');
  await buildPages();
  await wrangler('bundle the worker', ['deploy', '--dry-run', '--config', files.config, '--outdir', files.worker]);
  say('✓ The worker is bundled and its configuration accepted (wrangler deploy --dry-run).');
  await wrangler(
    'compile the Pages Functions',
    ['pages', 'functions', 'build', 'functions', '--outdir', files.functions],
    files.pages,
  );
  say('✓ The dashboard is built and its Pages Functions are compiled.');
  say('\nnpm run deploy would now, in the account of `wrangler login`, where it is missing:');
  const location = locationOf(process.env);
  say(`  create the D1 database pharos ${location ? `in ${location}` : 'near you (D1_LOCATION chooses a place)'}`);
  say(`  create the queues ${queueNames().join(', ')}`);
  say(`  create the Pages project ${project}`);
  say('  apply the migrations to the database');
  say(`  set the secrets ${keyNames.join(', ')} to random values, or to those of the environment`);
  const chosen = Object.keys(secretsToDeploy(process.env, keyNames));
  if (chosen.length > 0) say(`  set from the environment: ${chosen.join(', ')}`);
  say('  and then deploy the worker and the dashboard. The first checks run within 15 minutes of that.');
};

try {
  requireUsable({
    ...variableDefaults(),
    ...secretsToDeploy(process.env, []),
    ...settingsFrom(process.env, ['D1_LOCATION']),
  });
  await (options.has('dry-run') ? tryWithoutAccount() : deployAll({ environment: process.env, buildPages, say }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
