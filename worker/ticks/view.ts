import type { EvidenceView, TickView } from '../contract/views.ts';
import { type Observation, type Outcome, observationOf } from '../domain/checks/outcome.ts';

const iso = (ms: number) => new Date(ms).toISOString();

/** As responses name its fields. */
const shown = (seen: Observation) => {
  const { health: outcome, ...rest } = observationOf(seen);
  return { ...rest, outcome };
};

/** An outcome as API and feed show it. */
export const toTickView = (monitorId: string, outcome: Outcome): TickView => ({
  monitorId,
  ...shown(outcome),
  scheduledAt: iso(outcome.scheduledAt),
  startedAt: iso(outcome.startedAt),
});

/** `at`: when the check began, ms. */
export const toEvidenceView = (seen: Observation, at: number): EvidenceView => ({ ...shown(seen), at: iso(at) });
