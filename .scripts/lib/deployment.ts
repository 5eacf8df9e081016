import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inRoot } from './paths.ts';
import { newSecrets } from './secrets.ts';

const folder = inRoot('.pharos/deploy');

/** Files that a deployment generates; all of them are ignored by git. */
export const files = {
  folder,
  config: `${folder}/wrangler.toml`,
  worker: `${folder}/worker`,
  pages: `${folder}/pages`,
  dashboard: `${folder}/pages/dist`,
  functions: `${folder}/functions`,
  secrets: `${folder}/secrets.json`,
  log: `${folder}/build.log`,
};

const committed = () => readFileSync(inRoot('wrangler.toml'), 'utf8');

/** Every queue that wrangler.toml names, dead letters included. */
export const queueNames = (): string[] => [
  ...new Set([...committed().matchAll(/^(?:queue|dead_letter_queue) = "([^"]+)"/gm)].map(([, name = '']) => name)),
];

export const secretNames = (): string[] => {
  const [, list = ''] = /^\[secrets\]\nrequired = \[([^\]]*)\]/m.exec(committed()) ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
};

/** wrangler.toml with the real id of the database, its paths as seen from the folder of the deployment. */
export const writeConfig = (databaseId: string | null) => {
  mkdirSync(folder, { recursive: true });
  const id = databaseId ?? '00000000-0000-0000-0000-000000000000';
  const text = committed()
    .replace(/^database_id = "[^"]*"/m, `database_id = "${id}"`)
    .replace(/^main = "/m, 'main = "../../')
    .replace(/^migrations_dir = "/m, 'migrations_dir = "../../');
  writeFileSync(files.config, text);
};

/** The Pages project as it is uploaded, beside the built dashboard; outside of `web/` so that no other file comes along. */
export const writePages = () => {
  mkdirSync(files.pages, { recursive: true });
  rmSync(`${files.pages}/functions`, { recursive: true, force: true });
  cpSync(inRoot('web/functions'), `${files.pages}/functions`, { recursive: true });
  cpSync(inRoot('web/wrangler.toml'), `${files.pages}/wrangler.toml`);
};

/** Runs `use` with a file of new random values for the missing secrets, and removes it whatever happens. */
export const withNewSecrets = async (names: string[], use: (file: string) => Promise<unknown>) => {
  try {
    writeFileSync(files.secrets, JSON.stringify(newSecrets(names)), { mode: 0o600 });
    await use(files.secrets);
  } finally {
    rmSync(files.secrets, { force: true });
  }
};
