import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

const filesBelow = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/dist') && !entry.name.endsWith('.wasm'))
    .map((entry) => join(entry.parentPath, entry.name));

test('no part of Pharos sets Strict-Transport-Security for other hosts of the domain', () => {
  const settings = ['worker', 'web']
    .flatMap(filesBelow)
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/max-age=31536000[^\n]*/g)])
    .map(([text]) => text)
    .filter((text) => !text.includes('immutable'));
  expect(settings).toHaveLength(2);
  for (const text of settings) expect(text).not.toMatch(/includeSubDomains|preload/i);
});
