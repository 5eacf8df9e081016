/**
 * `node .scripts/run.mjs <command> [arguments]`: what the npm scripts call. Runs on any Node from 20 and needs no
 * package: it installs the packages where they are missing or no longer match the lockfile, and then hands the command
 * to the Node 24 among them, which reads TypeScript.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const commands = {
  start: '.scripts/start.ts',
  break: '.scripts/break.ts',
  test: '.scripts/test.ts',
  'test-results': '.scripts/test-results.ts',
  verify: '.scripts/verify.ts',
  types: '.scripts/env-types.ts',
  deploy: '.scripts/deploy.ts',
  'rotate-keys': '.scripts/rotate-keys.ts',
  bench: '.scripts/bench.ts',
  alerts: '.scripts/alerts.ts',
  simulate: 'test/simulation/simulate.ts',
};

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => join(root, path);
const stamp = at('node_modules/.pharos-installed');
const lock = at('.pharos/installing');

const stop = (message) => {
  console.error(message);
  process.exit(1);
};

/** The inputs of an install; the stamp in node_modules contains them once the install has succeeded. */
const fingerprint = () => {
  const { packageManager, dependencies, devDependencies, pnpm } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  return createHash('sha256')
    .update(JSON.stringify([process.platform, process.arch, packageManager, dependencies, devDependencies, pnpm]))
    .update(readFileSync(at('pnpm-lock.yaml')))
    .update(readFileSync(at('.scripts/patch-bcrypt.mjs')))
    .digest('hex');
};

const isInstalled = () =>
  existsSync(stamp) &&
  readFileSync(stamp, 'utf8') === fingerprint() &&
  existsSync(at('node_modules/node/bin/node')) &&
  existsSync(at('worker/auth/bcrypt.wasm'));

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** One install at a time per checkout; a lock that a killed run left behind is taken over. */
const enterLock = () => {
  mkdirSync(at('.pharos'), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(readFileSync(lock, { encoding: 'utf8', flag: 'a+' }));
    if (owner && !isAlive(owner)) rmSync(lock, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
  }
};

const install = () => {
  const { packageManager } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  console.error(`Installing packages with ${packageManager} …`);
  const result = spawnSync('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    cwd: root,
    // npm reads standard output of some commands; without CI pnpm may ask questions that nobody answers.
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CI: 'true' },
  });
  if (result.error) stop(`npx could not be started (${result.error.message}). It comes with Node; is it on the PATH?`);
  if (result.status !== 0) stop('The packages could not be installed; the messages above say why.');
  if (!existsSync(at('worker/auth/bcrypt.wasm')))
    spawnSync('node', [at('.scripts/patch-bcrypt.mjs')], { stdio: 'inherit' });
  writeFileSync(stamp, fingerprint());
};

const ensureInstalled = () => {
  if (isInstalled()) return;
  enterLock();
  try {
    if (!isInstalled()) install();
  } finally {
    rmSync(lock, { force: true });
  }
};

const run = (script, args) => {
  const path = [at('node_modules/node/bin'), at('node_modules/.bin'), process.env.PATH].join(delimiter);
  const child = spawn(at('node_modules/node/bin/node'), [at(script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => stop(`${script} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
};

if (Number(process.versions.node.split('.')[0]) < 20)
  stop(`Pharos needs Node 20 or newer; this is ${process.version}. https://nodejs.org has it.`);
const [command = '', ...args] = process.argv.slice(2);
const script = Object.hasOwn(commands, command) ? commands[command] : undefined;
if (!script) stop(`"${command}" is not a command. Commands: ${Object.keys(commands).join(', ')}.`);
process.on('exit', () => {
  if (existsSync(lock) && readFileSync(lock, 'utf8') === String(process.pid)) rmSync(lock, { force: true });
});
ensureInstalled();
run(script, args);
