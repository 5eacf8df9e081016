/**
 * The result of `work`, or the failure of `tooLate` where it takes longer than `ms`. The work itself cannot be stopped and
 * may still complete.
 */
export const within = async <T>(ms: number, work: PromiseLike<T>, tooLate: () => Error): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
