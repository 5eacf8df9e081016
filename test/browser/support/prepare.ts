import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { preparePharos } from '../../../.scripts/lib/pharos.ts';
import { type Preparation, preparationFile } from './prepared.ts';

/** One for all projects of a run: each of them loads this module again. */
const run = globalThis as { preparation?: { folder: string; ended: Promise<void> } };

const prepare = () => {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-prepared-'));
  const write = (preparation: Preparation) => {
    writeFileSync(join(folder, 'ending.json'), JSON.stringify(preparation));
    renameSync(join(folder, 'ending.json'), preparationFile(folder));
  };
  const ended = preparePharos(folder).then(
    () => write({ problem: null }),
    (error) => write({ problem: String(error) }),
  );
  return { folder, ended };
};

/**
 * Builds and migrates once for all files, each of whose stacks begins with a copy (stack.ts). Other projects run
 * meanwhile, so the stacks wait for it.
 */
export default (project: TestProject) => {
  run.preparation ??= prepare();
  const { folder, ended } = run.preparation;
  project.provide('prepared', folder);
  return async () => {
    await ended;
    // Stacks that have just been ended may still write.
    rmSync(folder, { recursive: true, force: true, maxRetries: 8, retryDelay: 500 });
  };
};
