import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './alive.ts';
import { writeSecretFile } from './secretFile.ts';
import { newSecrets } from './secrets.ts';
import { keyNames } from './settings.ts';

/** The folder of one local copy of Pharos: database, secrets, logs, the built dashboard. */
export const openState = (directory: string) => {
  const path = (name: string) => join(directory, name);
  keepPrivate(directory);
  // Wherever STATE_DIR points to, nothing of it is ever committed.
  writeIfMissing(path('.gitignore'), '*\n');
  const secretsFile = path('secrets.env');
  addMissingSecrets(secretsFile);
  const workerSecrets = path('.dev.vars');
  return {
    directory,
    secretsFile,
    workerConfig: path('wrangler.toml'),
    /** Beside the configuration, where wrangler searches for it. */
    workerSecrets,
    database: path('worker'),
    /** The bundled worker, where copies are to begin with it (`preparePharos`). */
    bundle: path('bundle'),
    /** All migrations, for a new database. */
    migrations: path('migrations.sql'),
    dashboard: path('dashboard'),
    registry: path('registry'),
    log: (name: string) => path(`logs/${name}.log`),
    release: claim(directory, workerSecrets),
  };
};

export type State = ReturnType<typeof openState>;

/**
 * Databases and logs hold what belongs to the people of this copy alone. Whatever processes write there from now on is
 * nobody else's (umask), and what older versions left there is taken back.
 */
const keepPrivate = (directory: string) => {
  process.umask(0o077);
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory() || entry.isFile())
      takeBack(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
};

/** A copy that still runs on the folder may remove files meanwhile. */
const takeBack = (path: string, mode: number) => {
  try {
    chmodSync(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};

const writeIfMissing = (file: string, text: string) => {
  if (!existsSync(file)) writeFileSync(file, text);
};

/** Existing secrets stay: with other ones, sessions would end and stored headers could no longer be read. */
const addMissingSecrets = (file: string) => {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const missing = keyNames.filter((name) => !new RegExp(`^${name}=.`, 'm').test(text));
  if (missing.length === 0) return;
  const made = newSecrets(missing);
  const kept = text.split('\n').filter((line) => line !== '' && !Object.hasOwn(made, line.split('=')[0] ?? ''));
  const added = Object.entries(made).map(([name, value]) => `${name}=${value}`);
  writeSecretFile(file, `${[...kept, ...added].join('\n')}\n`);
};

const ownerFile = (directory: string) => join(directory, 'running');

/** The process that runs on a folder; 0 where none does. */
const ownerOf = (directory: string) => {
  const file = ownerFile(directory);
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return owner && isAlive(owner) ? owner : 0;
};

export const isRunning = (directory: string) => ownerOf(directory) !== 0;

/** Two runtimes on one SQLite file would damage it. Throws while another copy runs; returns what gives it free. */
const claim = (directory: string, secrets: string) => {
  const owner = ownerOf(directory);
  if (owner)
    throw new Error(
      `Pharos runs on ${directory} already (process ${owner}). For a second copy set STATE_DIR, PORT and API_PORT.`,
    );
  const file = ownerFile(directory);
  writeFileSync(file, String(process.pid));
  return () => {
    rmSync(secrets, { force: true });
    rmSync(file, { force: true });
  };
};
