import type { TickView } from '../../worker/api/views.ts';
import { type Reason, reasonTexts } from '../../worker/domain/outcome.ts';
import type { Verdict } from '../../worker/domain/uptime.ts';

/** In the order in which they ask for attention. */
export const verdicts = ['down', 'degraded', 'unknown', 'up', 'maintenance', 'paused'] as const satisfies Verdict[];

export const verdictWords: Record<Verdict, string> = {
  up: 'Up',
  degraded: 'Degraded',
  down: 'Down',
  unknown: 'Waiting',
  paused: 'Paused',
  maintenance: 'Maintenance',
};

/** The reason as a person reads it, with the status that the target gave where that is the reason. */
export const reasonText = (tick: { reason: Reason; status: number | null }): string =>
  tick.status !== null && (tick.reason === 'status' || tick.reason === 'redirect')
    ? `${reasonTexts[tick.reason]} ${tick.status}`
    : reasonTexts[tick.reason];

export const failed = (tick: Pick<TickView, 'outcome'>) => tick.outcome === 'down';
