/**
 * A deployment as `npm run deploy` does it, with a page in place of the dashboard: building that takes long. With `--loaded`,
 * wrangler is loaded once.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { deployAll } from '../../../.scripts/lib/deployAll.ts';
import { files, pagesFolder } from '../../../.scripts/lib/deployment.ts';
import { copyPagesProject } from '../../../.scripts/lib/pagesProject.ts';
import { useLoadedWrangler } from './loadedWrangler.ts';

if (process.argv.includes('--loaded')) useLoadedWrangler();

const buildPages = async () => {
  mkdirSync(files.dashboard, { recursive: true });
  writeFileSync(`${files.dashboard}/index.html`, '<!doctype html><title>Pharos</title>');
  copyPagesProject(pagesFolder);
};

try {
  await deployAll({ environment: process.env, buildPages, say: (line) => console.log(line) });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
