import { tools } from './paths.ts';
import { collect, type Output } from './steps.ts';
import { quietEnvironment } from './wrangler.ts';

/** Runs wrangler against the account; resolves also where it fails. */
export const askWrangler = (args: string[], cwd?: string): Promise<Output> =>
  collect(tools.wrangler, args, cwd, quietEnvironment());

/** The same; throws with wrangler's own words where it fails. `what` completes "Could not …". */
export const wrangler = async (what: string, args: string[], cwd?: string): Promise<string> => {
  const { code, stdout, stderr } = await askWrangler(args, cwd);
  if (code !== 0) throw new Error(`Could not ${what}:\n${stdout}${stderr}`.trim());
  return stdout;
};

/** wrangler may write warnings before its JSON. Throws where there is none. */
const parseJson = <T>(text: string): T => JSON.parse(text.slice(text.search(/^[[{]/m))) as T;

/** Throws with what to do where nobody is signed in, or where it is unclear which account is meant. */
export const requireAccount = async () => {
  const { code, stdout } = await askWrangler(['whoami', '--json']);
  if (code !== 0)
    throw new Error('Sign in to Cloudflare first: node_modules/.bin/wrangler login (or set CLOUDFLARE_API_TOKEN).');
  const { accounts = [] } = parseJson<{ accounts?: { id: string; name: string }[] }>(stdout);
  if (accounts.length > 1 && !process.env.CLOUDFLARE_ACCOUNT_ID) {
    const list = accounts.map(({ id, name }) => `  CLOUDFLARE_ACCOUNT_ID=${id}  ${name}`).join('\n');
    throw new Error(`You belong to several accounts. Say which one to use:\n${list}`);
  }
};

/** Id of the D1 database of this name, which is created where it is missing. */
export const ensureDatabase = async (name: string): Promise<string> => {
  const find = async () => {
    const list = await wrangler('list the D1 databases', ['d1', 'list', '--json']);
    return parseJson<{ uuid: string; name: string }[]>(list).find((database) => database.name === name)?.uuid;
  };
  const existing = await find();
  if (existing) return existing;
  await wrangler(`create the database ${name}`, ['d1', 'create', name]);
  const created = await find();
  if (!created)
    throw new Error(`The database ${name} has been created but is not listed yet. Run npm run deploy again.`);
  return created;
};

export const ensureQueue = async (name: string) => {
  const { code } = await askWrangler(['queues', 'info', name]);
  if (code !== 0) await wrangler(`create the queue ${name}`, ['queues', 'create', name]);
};

/** Domains of the Pages project, which is created where it is missing. */
export const ensurePagesProject = async (name: string): Promise<string[]> => {
  const find = async () => {
    const list = await wrangler('list the Pages projects', ['pages', 'project', 'list', '--json']);
    type Project = { 'Project Name': string; 'Project Domains': string };
    const project = parseJson<Project[]>(list).find((entry) => entry['Project Name'] === name);
    return project?.['Project Domains'].split(',').map((domain) => domain.trim());
  };
  const existing = await find();
  if (existing) return existing;
  await wrangler(`create the Pages project ${name}`, [
    'pages',
    'project',
    'create',
    name,
    '--production-branch',
    'main',
  ]);
  return (await find()) ?? [`${name}.pages.dev`];
};

/**
 * Names of the secrets that the worker has. Throws where that cannot be found out: a new ENCRYPTION_KEY in place of one
 * that is there would make every stored header unreadable.
 */
export const listSecrets = async (config: string): Promise<string[]> => {
  const { code, stdout, stderr } = await askWrangler(['secret', 'list', '--format', 'json', '--config', config]);
  if (code === 0) return parseJson<{ name: string }[]>(stdout).map(({ name }) => name);
  if (/Worker "[^"]+" not found/.test(stdout + stderr)) return [];
  throw new Error(`Could not list the secrets:\n${stdout}${stderr}`.trim());
};
