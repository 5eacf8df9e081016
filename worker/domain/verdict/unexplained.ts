import type { Verdict, VerdictSpan } from '../uptime.ts';

/** What is said of a verdict, in a sentence, where no explanation was kept. `at` is when it was decided or set, ms. */
export const unexplained = ({ verdict, since, at }: VerdictSpan & { at: number }): string => {
  if (verdict === 'unknown' && since === at)
    return 'Pharos has begun to watch this monitor and has not heard from enough regions yet.';
  return setByPeople[verdict] ?? 'This was decided before Pharos kept explanations, so why can no longer be told.';
};

const setByPeople: Partial<Record<Verdict, string>> = {
  paused: 'A person paused this monitor: it is not checked, and this time does not count.',
  maintenance: 'A person put this monitor into maintenance: nobody is alerted, and this time does not count.',
};
