interface Usage {
  user: number;
  system: number;
}

/** These tests are typed as what runs in workerd; they run in Node. */
declare const process: { threadCpuUsage(before?: Usage): Usage };

/** The shortest of three runs, in milliseconds of the thread's own processor time: a busy machine adds next to nothing. */
export const shortestMs = (run: () => unknown): number => {
  const times = Array.from({ length: 3 }, () => {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
};
