import type { Outcome } from '../worker/domain/checks/outcome.ts';
import type { Region } from '../worker/domain/checks/region.ts';

const met = {
  up: { reason: 'ok', status: 200 },
  degraded: { reason: 'slow', status: 200 },
  down: { reason: 'refused', status: null },
  unknown: { reason: 'unsupported', status: null },
} as const;

/** The outcome of a check that `region` began at `startedAt`, ms since the epoch. `other`: fields of the outcome to replace. */
export const outcomeOf = (
  region: Region,
  startedAt: number,
  health: Outcome['health'] = 'up',
  other: Partial<Outcome> = {},
): Outcome => ({
  health,
  ...met[health],
  latencyMs: 12,
  region,
  dataCentre: null,
  scheduledAt: startedAt,
  startedAt,
  ...other,
});
