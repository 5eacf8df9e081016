/** What the benchmarks of the whole worker share. */
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Without what wrangler adds to a worker under development: a recorder of every call would be measured with it. */
const environment = {
  ...process.env,
  CI: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  X_LOCAL_EXPLORER: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
};

const port = Number(process.env.API_PORT ?? 18_787);
export const origin = `http://127.0.0.1:${port}`;

export const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

export const post = async <T>(path: string, body: unknown): Promise<T> => {
  const answer = await fetch(`${origin}${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return (await answer.json()) as T;
};

export const quantile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

export const median = (values: number[]) => quantile(values, 0.5);

/** The product's worker (test/bench/worker.ts) in a process group of its own, with its state under `state`. */
export const startWorker = async (state: string) => {
  const vars = [
    'ALLOW_PRIVATE_TARGETS:true',
    'DATA_CENTRE_URL:',
    'DOMAIN_REQUESTS_PER_SECOND:100000',
    'PUBLIC_ORIGIN:http://localhost',
  ];
  const secrets = ['SESSION_SECRET', 'ENCRYPTION_KEY'].map((name) => `${name}:bench-secret-of-at-least-32-characters`);
  execFileSync(
    join(root, 'node_modules/.bin/wrangler'),
    ['d1', 'migrations', 'apply', 'pharos', '--local', '--persist-to', state],
    { cwd: root, stdio: 'ignore', env: environment },
  );
  const child = spawn(
    join(root, 'node_modules/.bin/wrangler'),
    [
      'dev',
      'test/bench/worker.ts',
      '--port',
      `${port}`,
      '--inspector-port',
      '0',
      '--persist-to',
      state,
      '--log-level',
      'error',
      ...[...vars, ...secrets].flatMap((v) => ['--var', v]),
    ],
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: environment,
    },
  );
  for (let i = 0; i < 300; i++) {
    if (
      await fetch(`${origin}/bench/done?slot=0`).then(
        (r) => r.ok,
        () => false,
      )
    )
      return child;
    await wait(200);
  }
  throw new Error('The worker did not start.');
};
