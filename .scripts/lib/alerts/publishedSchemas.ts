import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from '../paths.ts';
import { collectCommand } from './collectCommand.ts';

export const schemaFolder = 'test/worker/alerts/published';

/** Not among the packages: it brings a compiler of its own, and is needed only when the types of a vendor change. */
const generator = 'ts-json-schema-generator@2.10.0';

/** The source of the type of each JSON file. */
export const sources: Record<string, string> = {
  Slack: '@slack/types',
  Discord: 'discord-api-types',
  GoogleChat: '@googleapis/chat',
  Mattermost: '@mattermost/types',
  PagerDuty: '@pagerduty/pdjs',
};

export const installedVersion = (name: string): string =>
  JSON.parse(readFileSync(inRoot(`node_modules/${name}/package.json`), 'utf8')).version;

export const commentOf = (type: string) =>
  `From the types of ${sources[type]} ${installedVersion(sources[type] ?? '')}.`;

/** Descriptions are most of the text and check nothing. */
const bare = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) => !['description', 'deprecated'].includes(key) || typeof inner === 'object',
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, bare(inner)]));
};

/** Generates the JSON Schema of each vendor from its official types again. Throws the error of the generator. */
export const writePublishedSchemas = async () => {
  for (const type of Object.keys(sources)) {
    const made = await collectCommand('npx', [
      ...['--yes', generator, '--no-type-check', '--tsconfig', '.scripts/tsconfig.json'],
      ...['--path', `${schemaFolder}/roots.ts`, '--type', type],
    ]);
    // The generator escapes names that need none, and its references then lead nowhere.
    const schema = { $comment: commentOf(type), ...(bare(JSON.parse(made.replaceAll('%24', '$'))) as object) };
    writeFileSync(inRoot(`${schemaFolder}/${type}.json`), `${JSON.stringify(schema)}\n`);
    console.log(`${schemaFolder}/${type}.json: ${schema.$comment}`);
  }
};
