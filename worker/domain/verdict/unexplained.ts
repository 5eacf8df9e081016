import type { Verdict, VerdictSpan } from '../history/uptime.ts';
import { duration } from '../time/duration.ts';

/** The sentence about a verdict without a stored explanation. `at` is when it was decided or set, ms. */
export const unexplained = ({ verdict, since, at }: VerdictSpan & { at: number }): string => {
  if (verdict === 'unknown' && since === at)
    return 'Pharos has just started these checks, and too few regions have sent data.';
  return (
    setByPeople[verdict] ??
    'No explanation is stored: the monitor or its team changed status too often, or the decision is from before Pharos stored explanations.'
  );
};

const setByPeople: Partial<Record<Verdict, string>> = {
  paused: 'A team member paused this monitor: no checks run, and this time does not count towards uptime.',
  maintenance:
    'A team member put this monitor into maintenance: alerts are suppressed, and this time does not count towards uptime.',
};

/** The sentence about a monitor that has not been checked for `forMs`, in place of its earlier verdict. */
export const staleSentence = (before: Verdict, forMs: number): string => {
  const last = before === 'unknown' ? '' : `; before that it was ${before}`;
  return `Unknown, because Pharos has run no checks for ${duration(forMs)}${last}.`;
};
