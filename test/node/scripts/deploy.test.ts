import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inRoot, root } from '../../../.scripts/lib/paths.ts';
import { keyNames } from '../../../.scripts/lib/settings.ts';
import { collect, type Output } from '../../../.scripts/lib/steps.ts';
import { queueNames } from '../../../.scripts/lib/workerConfig.ts';
import { startCloudflareApi } from '../../cloudflareApi.ts';
import { loadWrangler } from './loadedWrangler.ts';

/**
 * The deployment with the real wrangler, against a stub of Cloudflare's API. Each run of wrangler takes a second of CPU, so
 * one account goes through everything: at each part a deployment fails, and the next one goes on from there.
 */

const folder = mkdtempSync(join(tmpdir(), 'pharos-deploy-'));
const [api, loaded] = await Promise.all([startCloudflareApi(), loadWrangler(folder)]);
const { account } = api;
const timeout = { timeout: 900_000 };

afterAll(async () => {
  await Promise.all([loaded.stop(), api.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const deploy = async (args = ['--loaded'], more: NodeJS.ProcessEnv = {}): Promise<Output & { calls: string[] }> => {
  account.calls = [];
  const output = await collect(inRoot('test/node/scripts/deploying.ts'), args, root, {
    ...process.env,
    ...api.environment,
    ...loaded.environment,
    ...{ DEPLOY_DIR: folder, HOME: folder, XDG_CONFIG_HOME: folder },
    ...{ D1_LOCATION: 'eeur', ...more },
  });
  return { ...output, calls: account.calls.map(({ method, path }) => `${method} ${path}`) };
};

const listed = (tasks: readonly string[]) => tasks.map((task) => `  - ${task}`).join('\n');

const tasks = [
  'find the account',
  'build the dashboard',
  'create the database',
  'create the queues',
  'create the Pages project',
  'apply the migrations',
  'look where the database is',
  'deploy the worker',
  'deploy the dashboard',
];

const done = [
  'Wrangler is signed in',
  'The dashboard is built',
  'The database exists',
  'The 11 queues exist',
  'The Pages project exists',
  'The migrations are applied',
  'The database is in eeur',
  `The worker is deployed, with the secrets ${keyNames.join(', ')}`,
];

const there = () => ({
  databases: account.databases.map(({ name, location }) => `${name} ${location}`),
  queues: account.queues.length,
  projects: account.projects.map(({ name, deployments }) => `${name} ${deployments}`),
  versions: account.worker?.versions ?? 0,
  crons: account.worker?.crons ?? [],
});

const nothing = { databases: [], queues: 0, projects: [], versions: 0, crons: [] };
const database = { ...nothing, databases: ['pharos eeur'] };
const queues = { ...database, queues: 11 };
const project = { ...queues, projects: ['pharos-dashboard 0'] };

interface Failing {
  call: string;
  /** So many of these calls pass before. */
  passing?: number;
  task: string;
  says: RegExp;
  leaves: ReturnType<typeof there>;
}

const failures: [what: string, failing: Failing][] = [
  [
    'at the account',
    { call: 'GET user', task: 'find the account', says: /Sign in to Cloudflare first/, leaves: nothing },
  ],
  [
    'at the database',
    {
      call: 'POST d1/database',
      task: 'create the database',
      says: /Could not create the database pharos:/,
      leaves: nothing,
    },
  ],
  [
    'at the fifth queue',
    {
      call: 'POST queues',
      passing: 4,
      task: 'create the queues',
      says: /Could not create the queue pharos-checks-eeur:.*4 of 11 are there: pharos-checks-wnam, /s,
      leaves: { ...database, queues: 4 },
    },
  ],
  [
    'at the Pages project',
    {
      call: 'POST pages/projects',
      task: 'create the Pages project',
      says: /Could not create the Pages project pharos-dashboard:/,
      leaves: queues,
    },
  ],
  [
    'in the midst of the migrations',
    {
      call: 'POST d1/database/*/query',
      passing: 8,
      task: 'apply the migrations',
      says: /The migrations before the failed one stay applied/,
      leaves: project,
    },
  ],
  [
    'at the cron, with the worker uploaded',
    {
      call: 'PUT workers/scripts/pharos/schedules',
      task: 'deploy the worker',
      says: /may be active without its cron/,
      leaves: { ...project, versions: 1 },
    },
  ],
  [
    'at the dashboard',
    {
      call: 'POST pages/projects/pharos-dashboard/deployments',
      task: 'deploy the dashboard',
      says: /The new worker is active and checks continue/,
      leaves: { ...project, versions: 2, crons: ['* * * * *'] },
    },
  ],
];

test.each(failures)(
  'a deployment that fails %s says what failed, what is done and what to run',
  timeout,
  async (_, failing) => {
    const { call, passing = 0, task, says, leaves } = failing;
    account.failure = { call, passing };
    const { code, stdout, stderr } = await deploy();
    account.failure = null;
    const at = tasks.indexOf(task);
    expect({ code, stderr, stdout }).toMatchObject({ code: 1, stderr: expect.stringMatching(says) });
    expect(stderr).toMatch(new RegExp(`^Could not ${task}\\.`));
    const before = done
      .slice(0, at)
      .map((text) => (account.worker && text.startsWith('The worker') ? 'The worker is deployed' : text));
    expect(stderr).toContain(at === 0 ? 'Nothing was done before that.' : `Done before that:\n${listed(before)}`);
    expect(stderr).toContain(`Still to do:\n${listed(tasks.slice(at))}\n`);
    expect(stderr).toContain('Then run the same command again');
    expect(stdout + stderr).not.toContain(api.environment.CLOUDFLARE_API_TOKEN);
    for (const secret of Object.values(account.secrets)) expect(stdout + stderr).not.toContain(secret);
    expect(there()).toEqual(leaves);
  },
);

test('run again it completes, recreates nothing and keeps the secrets', timeout, async () => {
  const secrets = { ...account.secrets };
  const { code, stdout, stderr, calls } = await deploy();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(there()).toEqual({ ...project, projects: ['pharos-dashboard 1'], versions: 3, crons: ['* * * * *'] });
  expect(account.queues.map(({ queue_name }) => queue_name).sort()).toEqual(queueNames().sort());
  expect(account.queues.filter(({ consumers }) => consumers.length !== 1)).toEqual([]);
  expect(Object.keys(account.secrets).sort()).toEqual(keyNames.toSorted());
  expect(account.secrets).toEqual(secrets);
  expect(calls.filter((call) => /^POST (d1\/database|queues|pages\/projects)$/.test(call))).toEqual([]);
  expect(textOf('PUBLIC_ORIGIN')).toBe('https://pharos-dashboard.pages.dev');
  expect(textOf('D1_LOCATION')).toBe('eeur');
  expect(stdout).toContain('Pharos is at https://pharos-dashboard.pages.dev');
  expect(stdout).toContain('Cloudflare starts a new cron within 15 minutes');
});

const textOf = (name: string) => account.worker?.bindings.find((binding) => binding.name === name)?.text;

test(
  'a later deployment keeps the data, does not move the database, and sets what the environment holds',
  timeout,
  async () => {
    const [only] = account.databases;
    only?.d1.query("INSERT INTO teams (id, name, created_at) VALUES ('team_1', 'Ada''s', 1)");
    only?.d1.query('INSERT INTO dispatches (minute, claimed_at, finished_at) VALUES (60000, 60000, 60000)');
    const secrets = { ...account.secrets };
    const environment = { D1_LOCATION: 'apac', MAIL_FROM: 'pharos@example.com', ENCRYPTION_KEY: 'x'.repeat(40) };
    // Once as `npm run deploy` does it, with a process for each command of wrangler.
    const { code, stdout, stderr, calls } = await deploy([], environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(only?.d1.query('SELECT name FROM teams')[0]).toEqual([{ name: "Ada's" }]);
    expect(account.secrets).toEqual({ ...secrets, MAIL_FROM: 'pharos@example.com' });
    expect(there()).toMatchObject({ databases: ['pharos eeur'], queues: 11, versions: 4 });
    expect(calls.filter((call) => /^POST (d1\/database|queues|pages\/projects)$/.test(call))).toEqual([]);
    expect(textOf('D1_LOCATION')).toBe('eeur');
    expect(stdout).toContain('The database is in eeur, not in apac as D1_LOCATION asks');
    expect(stdout).not.toContain('15 minutes');
  },
);
