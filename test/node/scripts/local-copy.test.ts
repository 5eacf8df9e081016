import { execFile, spawn } from 'node:child_process';
import { createECDH } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { isAlive } from '../../../.scripts/lib/alive.ts';
import { queryLocal } from '../../../.scripts/lib/localDatabase.ts';
import { inRoot } from '../../../.scripts/lib/paths.ts';
import { claimPort, findFreePort } from '../../../.scripts/lib/ports.ts';
import { openFleet } from '../../../.scripts/lib/processes.ts';
import { openState } from '../../../.scripts/lib/state.ts';
import { localMigrations } from '../../../.scripts/lib/worker.ts';

const directory = mkdtempSync(join(tmpdir(), 'pharos-copy-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('secrets are created once, for their owner alone, and a missing one is added without touching the others', () => {
  const first = openState(join(directory, 'one'));
  first.release();
  expect(statSync(first.secretsFile).mode & 0o777).toBe(0o600);
  const [session = ''] = readFileSync(first.secretsFile, 'utf8').split('\n');
  writeFileSync(first.secretsFile, session);
  openState(join(directory, 'one')).release();
  expect(readFileSync(first.secretsFile, 'utf8')).toMatch(new RegExp(`^${session}\nENCRYPTION_KEY=[\\w-]{43}\n`));
});

test('nobody else on the machine can read the folder of a copy, nor the files that an older version left there', () => {
  const folder = join(directory, 'private');
  mkdirSync(join(folder, 'worker/v3'), { recursive: true });
  writeFileSync(join(folder, 'worker/v3/db.sqlite'), '', { mode: 0o644 });
  chmodSync(folder, 0o755);
  openState(folder).release();
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'logs/worker.log'), '');
  const modeOf = (path: string) => (statSync(join(folder, path)).mode & 0o777).toString(8);
  expect(['.', 'worker', 'worker/v3', 'logs'].map(modeOf)).toEqual(['700', '700', '700', '700']);
  expect(['worker/v3/db.sqlite', 'logs/worker.log', 'secrets.env', '.gitignore'].map(modeOf)).toEqual([
    '600',
    '600',
    '600',
    '600',
  ]);
});

test('the keys of Web Push are a pair, and half of one is replaced by a whole one', async () => {
  const read = () => {
    const { secretsFile, release } = openState(join(directory, 'push'));
    release();
    return { secretsFile, text: readFileSync(secretsFile, 'utf8') };
  };
  const { secretsFile, text } = read();
  const [, publicKey = ''] = /^VAPID_PUBLIC_KEY=(\S+)$/m.exec(text) ?? [];
  const [, d = ''] = /^VAPID_PRIVATE_KEY=(\S+)$/m.exec(text) ?? [];
  const own = createECDH('prime256v1');
  own.setPrivateKey(Buffer.from(d, 'base64url'));
  expect(own.getPublicKey().toString('base64url')).toBe(publicKey);
  writeFileSync(secretsFile, text.replace(/^VAPID_PRIVATE_KEY=.*\n/m, ''));
  const again = read().text;
  expect(again.match(/^VAPID_/gm)).toHaveLength(2);
  expect(again).not.toContain(publicKey);
  expect(again).toContain(/^SESSION_SECRET=.*$/m.exec(text)?.[0]);
  expect(read().text).toBe(again);
});

test('two copies have different secrets, and git ignores both', () => {
  const [a, b] = ['a', 'b'].map((name) => openState(join(directory, name)));
  const read = (file = '') => readFileSync(file, 'utf8');
  expect(read(a?.secretsFile)).not.toBe(read(b?.secretsFile));
  expect(read(join(directory, 'a/.gitignore'))).toBe('*\n');
});

test('a second copy on the same folder is refused while the first runs, and only then', () => {
  const state = openState(join(directory, 'shared'));
  expect(() => openState(join(directory, 'shared'))).toThrow(/already \(process \d+\).*STATE_DIR/);
  state.release();
  expect(() => openState(join(directory, 'shared')).release()).not.toThrow();
  writeFileSync(join(directory, 'shared/running'), '999999999');
  expect(() => openState(join(directory, 'shared')).release()).not.toThrow();
});

test('copies that start at the same time get ports that nobody else is given before they listen', async () => {
  const module = JSON.stringify(join(import.meta.dirname, '../../../.scripts/lib/ports.ts'));
  const script = `const { findFreePort } = await import(${module});
    console.log(JSON.stringify([await findFreePort(), await findFreePort()]))`;
  const portsOfACopy = async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    return JSON.parse(stdout) as number[];
  };
  const ports = (await Promise.all([portsOfACopy(), portsOfACopy(), portsOfACopy()])).flat();
  expect(new Set(ports).size).toBe(6);
  // From 32,768 on Linux, and from 49,152 elsewhere, the system gives ports to connections and to servers on port 0.
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

test('a port in use is named together with the variable that changes it', async () => {
  const port = await findFreePort();
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  await expect(claimPort(port, 'API_PORT')).rejects.toThrow(`Port ${port} is in use`);
  await expect(claimPort(port, 'API_PORT')).rejects.toThrow('API_PORT=');
  await new Promise((resolve) => server.close(resolve));
  await expect(claimPort(port, 'API_PORT')).resolves.toBeUndefined();
});

test('a killed owner takes its processes and theirs along, also those that ignore a request to end', async () => {
  const file = (name: string, code: string) => {
    writeFileSync(join(directory, name), code);
    return join(directory, name);
  };
  const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('pid', process.pid);";
  const grandchild = file('grandchild.mjs', stubborn);
  const child = file(
    'child.mjs',
    `import { execFile, spawn } from 'node:child_process'; spawn(process.execPath, ['${grandchild}'], { stdio: 'inherit' }); ${stubborn}`,
  );
  const start = { name: 'child', script: child, args: [], cwd: directory, env: process.env, verbose: true };
  const library = join(import.meta.dirname, '../../../.scripts/lib/processes.ts');
  const owner = file(
    'owner.mjs',
    `import { openFleet } from '${library}';
     openFleet().start({ ...${JSON.stringify(start)}, env: process.env, logFile: '${directory}/child.log' });`,
  );
  const running = spawn(process.execPath, [owner], { stdio: ['ignore', 'ignore', 'pipe'] });
  const pids = await new Promise<number[]>((resolve) => {
    let text = '';
    running.stderr.on('data', (chunk) => {
      text += chunk;
      const found = [...text.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
      if (found.length === 2) resolve(found);
    });
  });
  expect(pids.map(isAlive)).toEqual([true, true]);
  running.kill('SIGKILL');
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
});

test('a new database gets all migrations at once, and the next start finds none that is missing', async () => {
  const state = openState(join(directory, 'database'));
  const fleet = openFleet();
  try {
    await fleet.run(localMigrations(state, false));
    const applied = queryLocal<{ name: string }>(state.database, 'd1_migrations', 'SELECT name FROM d1_migrations');
    const files = readdirSync(inRoot('migrations')).filter((name) => name.endsWith('.sql'));
    expect(applied.map(({ name }) => name)).toEqual(files.sort());
    await fleet.run(localMigrations(state, false));
    expect(readFileSync(state.log('migrations'), 'utf8')).toContain('No migrations to apply');
  } finally {
    await fleet.stop();
    state.release();
  }
});
