import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const inRoot = (path: string) => join(root, path);

/** Tools run by their JavaScript entry with our own Node: no shell wrapper stands between us and the process. */
export const tools = {
  wrangler: inRoot('node_modules/wrangler/bin/wrangler.js'),
  vite: inRoot('node_modules/vite/bin/vite.js'),
  vitest: inRoot('node_modules/vitest/vitest.mjs'),
  tsc: inRoot('node_modules/typescript/bin/tsc'),
  biome: inRoot('node_modules/@biomejs/biome/bin/biome'),
  dependencyCruiser: inRoot('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
};
