import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commentOf, schemaFolder, sources } from '../../../.scripts/lib/alerts/publishedSchemas.ts';
import { inRoot } from '../../../.scripts/lib/paths.ts';

const files = readdirSync(inRoot(schemaFolder)).filter((name) => name.endsWith('.json'));

test('each format that is made of official types has its file, and no file is left over', () => {
  expect(files.toSorted()).toEqual(
    Object.keys(sources)
      .map((type) => `${type}.json`)
      .toSorted(),
  );
});

test.each(files)('%s was made of the types that are installed; else run npm run alerts -- schemas', (name) => {
  const schema = JSON.parse(readFileSync(inRoot(`${schemaFolder}/${name}`), 'utf8'));
  expect(schema.$comment).toBe(commentOf(name.replace('.json', '')));
});
