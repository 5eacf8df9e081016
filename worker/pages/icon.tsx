import type { Verdict } from '../domain/history/uptime.ts';

/** The symbol inside the ring; shape and word show a verdict as well as its colour does. */
const strokes: Record<Verdict, string> = {
  up: 'M8 12.5l2.7 2.7L16 9.5',
  degraded: 'M12 7v5l3 2',
  down: 'M9 9l6 6M15 9l-6 6',
  unknown: 'M9.6 9.4a2.5 2.5 0 1 1 3.4 2.5c-.7.3-1 .8-1 1.6M12 16.6v.1',
  paused: 'M10 9v6M14 9v6',
  maintenance: 'M8 12h8',
};

export const VerdictIcon = ({ verdict }: { verdict: Verdict }) => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <circle cx="12" cy="12" r="9.5" />
    <path d={strokes[verdict]} />
  </svg>
);
