/** The shortest of three runs, in milliseconds: what a busy machine adds is not counted. */
export const shortestMs = (run: () => unknown): number => {
  const times = Array.from({ length: 3 }, () => {
    const startedAt = performance.now();
    run();
    return performance.now() - startedAt;
  });
  return Math.min(...times);
};
