import type { EvidenceView, TickView } from '../contract/views.ts';
import { type Observation, type Outcome, observationOf } from '../domain/checks/outcome.ts';
import { toIsoTime } from '../domain/time/toIsoTime.ts';

/** As responses name its fields. */
const shown = (seen: Observation) => {
  const { health: outcome, ...rest } = observationOf(seen);
  return { ...rest, outcome };
};

/** An outcome as API and feed show it. */
export const toTickView = (monitorId: string, outcome: Outcome): TickView => ({
  monitorId,
  ...shown(outcome),
  scheduledAt: toIsoTime(outcome.scheduledAt),
  startedAt: toIsoTime(outcome.startedAt),
});

/** `at`: when the check began, ms. */
export const toEvidenceView = (seen: Observation, at: number): EvidenceView => ({ ...shown(seen), at: toIsoTime(at) });
