import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { preparePharos } from '../../.scripts/lib/pharos.ts';

/** Builds and migrates once for all files, each of which begins with a copy (stack.ts). */
export default async (project: TestProject) => {
  const prepared = mkdtempSync(join(tmpdir(), 'pharos-prepared-'));
  await preparePharos(prepared);
  project.provide('prepared', prepared);
  return () => rmSync(prepared, { recursive: true, force: true });
};
