import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inRoot } from '../../../.scripts/lib/paths.ts';

const statement = /\b(SELECT\s+[\w*(]|INSERT\s+(OR \w+ )?INTO|UPDATE\s+`?\w+`?\s+SET|DELETE\s+FROM)|\bsql`/;

const filesWithSql = (folder: string) =>
  globSync(`${folder}/**/*.{ts,tsx}`, { cwd: inRoot('.') }).filter((file) =>
    statement.test(readFileSync(inRoot(file), 'utf8')),
  );

test('SQL stands only in worker/db', () => {
  expect(filesWithSql('worker').filter((file) => !file.startsWith('worker/db/'))).toEqual([]);
  expect(filesWithSql('worker/db').length).toBeGreaterThan(20);
});
