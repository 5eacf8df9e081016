import type { TestProject } from 'vitest/node';
import { type BrokenOrigins, startBrokenTargets } from '../../brokenTargets.ts';
import { startTarget } from '../../targets.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Origin of the target server (test/targets.ts), such as `http://127.0.0.1:41234`. */
    target: string;
    /** Origins of servers that break (test/brokenTargets.ts), by how they do. */
    broken: BrokenOrigins;
  }
}

/** The tests run inside workerd; what they probe are real servers in this Node process. */
export default async (project: TestProject) => {
  const target = await startTarget();
  const broken = await startBrokenTargets();
  project.provide('target', target.origin);
  project.provide('broken', broken.origins);
  return async () => {
    broken.stop();
    await target.stop();
  };
};
