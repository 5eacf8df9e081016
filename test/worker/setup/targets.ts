import type { TestProject } from 'vitest/node';
import { startTarget } from '../../targets.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Origin of the target server (test/targets.ts), such as `http://127.0.0.1:41234`. */
    target: string;
  }
}

/** The tests run inside workerd; what they probe is a real server in this Node process. */
export default async (project: TestProject) => {
  const target = await startTarget();
  project.provide('target', target.origin);
  return target.stop;
};
