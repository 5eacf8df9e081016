import type { TickView } from '../contract/views.ts';
import type { Outcome } from '../domain/checks/outcome.ts';

/** An outcome as API and feed show it. */
export const toTickView = (monitorId: string, outcome: Outcome): TickView => ({
  monitorId,
  region: outcome.region,
  outcome: outcome.health,
  reason: outcome.reason,
  status: outcome.status,
  latencyMs: outcome.latencyMs,
  dataCentre: outcome.dataCentre,
  scheduledAt: new Date(outcome.scheduledAt).toISOString(),
  startedAt: new Date(outcome.startedAt).toISOString(),
});
