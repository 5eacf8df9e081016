import { readFileSync } from 'node:fs';
import { inRoot } from './paths.ts';

const committed = () => readFileSync(inRoot('wrangler.toml'), 'utf8');

/** A TOML basic string; JSON escapes the same characters. https://toml.io/en/v1.0.0#string */
const quoted = (text: string) => JSON.stringify(text);

/** Every queue that wrangler.toml names, dead letters included. */
export const queueNames = (): string[] => [
  ...new Set([...committed().matchAll(/^(?:queue|dead_letter_queue) = "([^"]+)"/gm)].map(([, name = '']) => name)),
];

interface ConfigOptions {
  databaseId?: string;
  /**
   * Names that wrangler takes from the file of secrets beside the copy; of that file it reads what is named here or in
   * [vars], and refuses what is named in both.
   */
  secrets?: readonly string[];
  /** Other than the committed folder. */
  migrations?: string;
  /** The worker as wrangler has bundled it before, which it then runs as it is. */
  bundle?: string;
}

/** wrangler.toml for a copy that lies elsewhere. */
export const configText = ({ databaseId, secrets, migrations, bundle }: ConfigOptions): string => {
  let text = committed().replace(/^(main|migrations_dir) = "([^"]*)"/gm, (_, name, path) => {
    return `${name} = ${quoted((name === 'migrations_dir' && migrations) || inRoot(path))}`;
  });
  if (bundle)
    text = text.replace(/^minify = .*\n/m, '').replace(/^main = .*$/m, `main = ${quoted(bundle)}\nno_bundle = true`);
  if (databaseId) text = text.replace(/^database_id = "[^"]*"/m, `database_id = "${databaseId}"`);
  if (!secrets) return text;
  const variables = variableDefaults();
  const required = secrets.filter((name) => !(name in variables)).map(quoted);
  return text.replace(/^required = \[.*\]$/m, `required = [${required.join(', ')}]`);
};

/** The values of [vars] in wrangler.toml by name. */
export const variableDefaults = (): Record<string, string> => {
  const [, section = ''] = /^\[vars\]\n((?:(?!\[).*\n)*)/m.exec(committed()) ?? [];
  return Object.fromEntries(
    [...section.matchAll(/^([A-Z][A-Z0-9_]*) = "([^"]*)"/gm)].map(([, name = '', value = '']) => [name, value]),
  );
};

/** The secrets without which wrangler does not deploy. */
export const requiredSecrets = (): string[] => {
  const [, list = ''] = /^\[secrets\]\nrequired = \[([^\]]*)\]/m.exec(committed()) ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
};
