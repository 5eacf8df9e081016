import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pagesProject } from './pagesProject.ts';
import { inRoot } from './paths.ts';
import { toRemoteSql } from './remoteSql.ts';
import { writeSecretFile } from './secretFile.ts';
import { configText } from './workerConfig.ts';

/** Tests deploy from a folder of their own. */
const folder = process.env.DEPLOY_DIR || inRoot('.pharos/deploy');

/** For `copyPagesProject`. */
export const pagesFolder = `${folder}/pages`;

/** Files that a deployment generates; all of them are ignored by git. */
export const files = {
  folder,
  config: `${folder}/wrangler.toml`,
  migrations: `${folder}/migrations`,
  worker: `${folder}/worker`,
  /** Beside the built dashboard, the Pages Functions. */
  pages: pagesProject(pagesFolder),
  dashboard: `${pagesProject(pagesFolder)}/dist`,
  functions: `${folder}/functions`,
  secrets: `${folder}/secrets.json`,
  log: `${folder}/build.log`,
};

/** wrangler.toml with the real id of the database; without one where nothing is deployed. */
export const writeConfig = (databaseId?: string) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(files.config, configText({ databaseId, migrations: files.migrations }));
};

/** The migrations as D1's remote endpoint takes them. Throws, with the name of the file, where one has no such form. */
export const writeMigrations = () => {
  rmSync(files.migrations, { recursive: true, force: true });
  mkdirSync(files.migrations, { recursive: true });
  for (const name of readdirSync(inRoot('migrations')).filter((file) => file.endsWith('.sql')))
    writeFileSync(`${files.migrations}/${name}`, remoteForm(name));
};

const remoteForm = (name: string) => {
  try {
    return toRemoteSql(readFileSync(inRoot(`migrations/${name}`), 'utf8'));
  } catch (error) {
    throw new Error(`migrations/${name} cannot be applied to a remote D1: ${(error as Error).message}`);
  }
};

/** Runs `use` with a file of these secrets that nobody else can read, and removes it whatever happens. */
export const withSecretFile = async (secrets: Record<string, string>, use: (file: string) => Promise<unknown>) => {
  try {
    writeSecretFile(files.secrets, JSON.stringify(secrets));
    await use(files.secrets);
  } finally {
    rmSync(files.secrets, { force: true });
  }
};
