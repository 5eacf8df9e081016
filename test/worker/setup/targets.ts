import type { TestProject } from 'vitest/node';
import { startBrokenTargets } from '../../brokenTargets.ts';
import { startTarget } from '../../targets.ts';

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
