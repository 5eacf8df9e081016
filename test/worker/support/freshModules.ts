import { afterAll, vi } from 'vitest';

/** Files share loaded modules. One that imports this first loads the worker again for itself, and leaves none of it behind. */
vi.resetModules();
afterAll(() => {
  vi.resetModules();
});
