import { maintenanceEnd } from '../maintenance/maintenance.ts';
import type { Advisory } from './advisory.ts';
import type { AlertEvent } from './alerts.ts';
import type { CheckPolicy, Dependency } from './checkPolicy.ts';
import type { Suppression } from './explanation.ts';
import type { MonitorState } from './state.ts';

/**
 * Monitors with a common cause fail one after the other. For this long after an outage was decided, its alert is suppressed
 * while a dependency may turn down as well and explain it.
 */
const dependencySettlesWithinMs = 30_000;

/** Why a due alert is suppressed; null where it is sent. */
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
