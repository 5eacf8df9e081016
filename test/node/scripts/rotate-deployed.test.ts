import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRoot, root } from '../../../.scripts/lib/paths.ts';
import { keyNames } from '../../../.scripts/lib/settings.ts';
import { collect } from '../../../.scripts/lib/steps.ts';
import { keyringOf } from '../../../worker/crypto/keyring.ts';
import { startCloudflareApi } from '../../cloudflareApi.ts';
import { loadWrangler } from './loadedWrangler.ts';

/** `npm run rotate-keys -- --deployed` with the real wrangler, against a stub of Cloudflare's API. */

const folder = mkdtempSync(join(tmpdir(), 'pharos-rotate-'));
const [api, loaded] = await Promise.all([startCloudflareApi(), loadWrangler(folder)]);
const { account } = api;
const timeout = { timeout: 300_000 };

const environment = {
  ...process.env,
  ...api.environment,
  ...loaded.environment,
  ...{ DEPLOY_DIR: folder, HOME: folder, XDG_CONFIG_HOME: folder },
};

const run = (script: string, ...args: string[]) => collect(inRoot(script), args, root, environment);
const rotate = () => run('test/node/scripts/rotating.ts', '--deployed');

const database = () => {
  const [only] = account.databases;
  if (!only) throw new Error('There is no database.');
  return only.d1;
};

/** The work of the worker within minutes: it notes the newest key that it has, and that all is sealed under it. */
const workerEnds = (doneAt: number | null = 2) => {
  const { ENCRYPTION_KEY = '', ENCRYPTION_KEY_2 = '' } = account.secrets;
  const id = keyringOf([ENCRYPTION_KEY, ENCRYPTION_KEY_2])?.newest.id ?? '';
  const columns = 'id, version, since, pass_at, part, after, resealed, failed, done_at';
  database().query(
    `INSERT OR REPLACE INTO resealing (${columns}) VALUES (1, '${id}/2', 1, 1, 0, '', 3, 0, ${doneAt ?? 'NULL'})`,
  );
  return id;
};

/** Lets the worker end its part as soon as the keys of the account differ from these. */
const workerEndsAfter = async (before: Record<string, string>, running: Promise<unknown>) => {
  let isOver = false;
  void running.finally(() => {
    isOver = true;
  });
  while (!isOver && JSON.stringify(account.secrets) === JSON.stringify(before))
    await new Promise((resolve) => setTimeout(resolve, 50));
  workerEnds();
};

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const { code, stderr } = await run('test/node/scripts/deploying.ts', '--loaded');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}, 300_000);

afterAll(async () => {
  await Promise.all([loaded.stop(), api.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

test(
  'the first rotation adds a second key, keeps the first, and ends when the worker has sealed everything',
  timeout,
  async () => {
    workerEnds();
    const before = { ...account.secrets };
    // Once as people run it, with a process for each command of wrangler.
    const running = run('.scripts/rotate-keys.ts', '--deployed');
    await workerEndsAfter(before, running);
    const { code, stdout, stderr } = await running;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('✓ ENCRYPTION_KEY_2 and SESSION_SECRET_2 are new.');
    expect(stdout).toContain('✓ Everything is sealed under the newest key (3 texts).');
    expect(account.secrets).toMatchObject(before);
    expect(Object.keys(account.secrets).sort()).toEqual([...keyNames, 'ENCRYPTION_KEY_2', 'SESSION_SECRET_2'].sort());
    for (const secret of Object.values(account.secrets)) expect(stdout).not.toContain(secret);
  },
);

test('a run that was ended after the keys were set is waited for by the next, which sets none', timeout, async () => {
  workerEnds(null);
  const before = { ...account.secrets };
  const running = rotate();
  // Once it has read how far the worker is.
  const ended = waitForCalls('POST d1', 1).then(() => workerEnds());
  const { code, stdout, stderr } = await running;
  await ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('A rotation is in progress; waiting for it to finish.');
  expect(stdout).toContain('This run set no new keys');
  expect(account.secrets).toEqual(before);
});

test('a run that fails while it sets the keys changes none, and the next one rotates', timeout, async () => {
  workerEnds();
  const before = { ...account.secrets };
  account.failure = { call: 'PATCH workers/scripts/pharos/secrets-bulk', passing: 0 };
  const failed = await rotate();
  account.failure = null;
  expect({ code: failed.code, stderr: failed.stderr }).toEqual({
    ...{ code: 1, stderr: expect.stringContaining('Could not set the new keys') },
  });
  expect(account.secrets).toEqual(before);
  workerEnds();
  const running = rotate();
  await workerEndsAfter(before, running);
  expect(await running).toMatchObject({ code: 0, stderr: '' });
  // The second time the place of the first key is free, because the worker has sealed everything under the second.
  const { ENCRYPTION_KEY, SESSION_SECRET, ...others } = account.secrets;
  const { ENCRYPTION_KEY: old, SESSION_SECRET: oldSecret, ...kept } = before;
  expect(others).toEqual(kept);
  expect([ENCRYPTION_KEY === old, SESSION_SECRET === oldSecret]).toEqual([false, false]);
});

const waitForCalls = async (prefix: string, count: number) => {
  const seen = () => account.calls.filter(({ method, path }) => `${method} ${path}`.startsWith(prefix)).length;
  const start = seen();
  while (seen() < start + count) await new Promise((resolve) => setTimeout(resolve, 50));
};
