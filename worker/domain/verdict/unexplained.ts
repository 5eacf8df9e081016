import type { Verdict, VerdictSpan } from '../history/uptime.ts';
import { duration } from '../time/duration.ts';

/** What is said of a verdict, in a sentence, where no explanation was kept. `at` is when it was decided or set, ms. */
export const unexplained = ({ verdict, since, at }: VerdictSpan & { at: number }): string => {
  if (verdict === 'unknown' && since === at)
    return 'Pharos has begun to watch this monitor and has not heard from enough regions yet.';
  return (
    setByPeople[verdict] ??
    'No reason is kept: the monitor or its team changed too often for that, or this was decided before Pharos kept explanations.'
  );
};

const setByPeople: Partial<Record<Verdict, string>> = {
  paused: 'A person paused this monitor: it is not checked, and this time does not count.',
  maintenance: 'A person put this monitor into maintenance: nobody is alerted, and this time does not count.',
};

/** What is said of a monitor that has not been checked for so long, in place of the verdict that it had. */
export const uncheckedSentence = (before: Verdict, forMs: number): string => {
  const last = before === 'unknown' ? '' : `; until then it was ${before}`;
  return `Unknown, because Pharos itself has not run its checks for ${duration(forMs)}${last}.`;
};
