/** The shortest of three runs, in milliseconds of the thread's own processor time: a busy machine adds next to nothing. */
export const shortestMs = (run: () => unknown): number => {
  const times = Array.from({ length: 3 }, () => {
    const before = process.threadCpuUsage();
    run();
    return process.threadCpuUsage(before).user / 1_000;
  });
  return Math.min(...times);
};
