import { stripVTControlCharacters } from 'node:util';
import { databaseLocations } from '../../worker/settings.ts';
import { tools } from './paths.ts';
import { collect, type Output } from './steps.ts';
import { quietEnvironment } from './wrangler.ts';

type RunWrangler = (args: string[], cwd?: string, environment?: NodeJS.ProcessEnv) => Promise<Output>;

let run: RunWrangler = (...given) => collect(tools.wrangler, ...given);

/** Tests run wrangler so often that they load it only once (test/node/scripts/loadedWrangler.ts). */
export const runWranglerWith = (other: RunWrangler) => {
  run = other;
};

/** Runs wrangler against the account; resolves also where it fails. */
export const askWrangler = (args: string[], cwd?: string): Promise<Output> => run(args, cwd, quietEnvironment());

/** The same; throws with wrangler's own words where it fails. `what` completes "Could not …". */
export const wrangler = async (what: string, args: string[], cwd?: string): Promise<string> => {
  const output = await askWrangler(args, cwd);
  if (output.code !== 0) throw new Error(`Could not ${what}:\n${wordsOf(output)}`);
  return output.stdout;
};

/** wrangler's error message, without colours, account and hints of its own; its whole output where it names no error. */
const wordsOf = ({ stdout, stderr }: Output) => {
  const text = stripVTControlCharacters(`${stdout}\n${stderr}`);
  const [error] = /^[^\n]*\[ERROR\].*/ms.exec(text) ?? [text];
  const isHint = /Logs were written to|please (open|create) an issue|newer version of Wrangler|^\s*$/;
  return error
    .split('\n')
    .filter((line) => !isHint.test(line))
    .join('\n')
    .trim();
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
    throw new Error(`You have access to several accounts. Choose one:\n${list}`);
  }
};

/** Id of the D1 database of this name, which is created where it is missing, in `location` where one is given. */
export const ensureDatabase = async (name: string, location = ''): Promise<string> => {
  const find = async () => {
    const list = await wrangler('list the D1 databases', ['d1', 'list', '--json']);
    return parseJson<{ uuid: string; name: string }[]>(list).find((database) => database.name === name)?.uuid;
  };
  const existing = await find();
  if (existing) return existing;
  await wrangler(`create the database ${name}`, ['d1', 'create', name, ...(location ? ['--location', location] : [])]);
  const created = await find();
  if (!created)
    throw new Error(`The database ${name} has been created but is not listed yet. Run npm run deploy again.`);
  return created;
};

/**
 * In which location the database of this configuration lies, null where D1 says none that can be chosen, and whether a
 * minute of checks was ever dispatched. The migrations must have been applied.
 */
export const readDatabase = async (config: string) => {
  const command = 'SELECT max(minute) AS minute FROM dispatches';
  const args = ['d1', 'execute', 'pharos', '--remote', '--yes', '--json', '--config', config, '--command', command];
  const [answer] = parseJson<{ results: { minute: number | null }[]; meta?: { served_by_region?: string } }[]>(
    await wrangler('ask the database', args),
  );
  const region = answer?.meta?.served_by_region?.toLowerCase() ?? '';
  return {
    location: databaseLocations.find((one) => one === region) ?? null,
    hasDispatched: (answer?.results[0]?.minute ?? null) !== null,
  };
};

/** Creates the queues that are missing. Throws at the first failure, and names the existing queues. */
export const ensureQueues = async (names: readonly string[]) => {
  const listed = stripVTControlCharacters(await wrangler('list the queues', ['queues', 'list'])).split(/[^\w-]+/);
  const present = names.filter((name) => listed.includes(name));
  for (const name of names.filter((one) => !present.includes(one))) {
    const created = await askWrangler(['queues', 'create', name]);
    // The list has pages, so that one that is there may be missing from it.
    if (created.code !== 0 && (await askWrangler(['queues', 'info', name])).code !== 0)
      throw new Error(
        `Could not create the queue ${name}:\n${wordsOf(created)}\n${present.length} of ${names.length} are there: ${present.join(', ') || 'none'}.`,
      );
    present.push(name);
  }
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
  const output = await askWrangler(['secret', 'list', '--format', 'json', '--config', config]);
  if (output.code === 0) return parseJson<{ name: string }[]>(output.stdout).map(({ name }) => name);
  if (/Worker "[^"]+" not found/.test(wordsOf(output))) return [];
  throw new Error(`Could not list the secrets:\n${wordsOf(output)}`);
};
