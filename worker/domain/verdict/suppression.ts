import { maintenanceEnd } from '../maintenance/maintenance.ts';
import type { Advisory } from './advisory.ts';
import type { AlertEvent } from './alerts.ts';
import type { CheckPolicy, Dependency } from './checkPolicy.ts';
import type { Suppression } from './explanation.ts';
import type { MonitorState } from './state.ts';

/**
 * What fails together is seen to fail one after the other. So long after an outage was decided it is not told yet while
 * something that the monitor depends on may turn down as well, which would explain it.
 */
const dependencySettlesWithinMs = 30_000;

/** Why an alert that is due is not told now; null where it is. */
export const suppressionOf = (
  event: AlertEvent | Advisory,
  { stoodAt }: Pick<MonitorState, 'stoodAt'>,
  { maintenance, dependencies }: Pick<CheckPolicy, 'maintenance' | 'dependencies'>,
  now: number,
): Suppression | null => {
  const maintainedUntil = maintenanceEnd(maintenance, now);
  if (maintainedUntil !== null) return { type: 'maintenance', until: maintainedUntil };
  const down = idsOf(dependencies, 'down');
  if (down.length > 0) return { type: 'dependency', monitorIds: down, until: null };
  const suspect = idsOf(dependencies, 'suspect');
  const until = stoodAt + dependencySettlesWithinMs;
  if (event !== 'down' || suspect.length === 0 || now >= until) return null;
  return { type: 'dependency', monitorIds: suspect, until };
};

const idsOf = (dependencies: readonly Dependency[], wanted: Dependency['standing']) =>
  dependencies.filter(({ standing }) => standing === wanted).map(({ monitorId }) => monitorId);
