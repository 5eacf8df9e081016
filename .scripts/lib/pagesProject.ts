import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from './paths.ts';

/** The modules that the Pages Functions share with the worker; the layer rules allow no other import. */
const shared = 'worker/http/readBody.ts';

/** The folder from which Pages is run or deployed; the dashboard is built into `dist` in it. */
export const pagesProject = (folder: string) => join(folder, 'web');

/**
 * Copies the Pages Functions and their settings, outside of `web/`, so that no other file comes along, and what they import
 * of the worker to the same place beside them.
 */
export const copyPagesProject = (folder: string) => {
  const project = pagesProject(folder);
  rmSync(join(project, 'functions'), { recursive: true, force: true });
  // The bundler warns about a tsconfig.json whose base lies outside of the copy.
  const filter = (source: string) => !source.endsWith('tsconfig.json');
  cpSync(inRoot('web/functions'), join(project, 'functions'), { recursive: true, filter });
  cpSync(inRoot('web/wrangler.toml'), join(project, 'wrangler.toml'));
  // Pages takes the next folder upwards with one for its project, and builds there beside the worker's wrangler.toml.
  writeFileSync(join(project, 'package.json'), '{}\n');
  mkdirSync(dirname(join(folder, shared)), { recursive: true });
  cpSync(inRoot(shared), join(folder, shared));
};
