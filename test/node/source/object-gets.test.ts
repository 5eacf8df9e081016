import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../../worker');

test('objects are reached in services.ts alone, which knows where each is to be created', () => {
  const reaching = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
    .filter((file) =>
      /\b(idFromName|idFromString|newUniqueId|getByName)\(/.test(readFileSync(join(root, file), 'utf8')),
    );
  expect(reaching).toEqual(['services.ts']);
});
