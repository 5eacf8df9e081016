import { z } from 'zod';
import { limitAttempts } from '../../auth/limits.ts';
import { checkNow } from '../../checks/dispatch/monitorLifecycle.ts';
import type { CheckAcceptedView } from '../../contract/monitors.ts';
import { getMonitor } from '../../db/monitors/monitors.ts';
import { PharosError } from '../../errors.ts';
import { command } from '../command.ts';
import { monitorIdField } from './monitorChanged.ts';

/** Checks once from every region, on demand. Throws `not_found`, `rate_limited`, and `conflict` if the monitor is paused. */
export const checkMonitor = command(
  'monitor.check',
  { unaudited: 'it changes nothing: its results are those of any other check' },
  z.strictObject({ monitorId: monitorIdField }),
  async ({ services, actor }, { monitorId }): Promise<CheckAcceptedView> => {
    const monitor = await getMonitor(services.db, { teamId: actor.teamId, id: monitorId });
    if (monitor.verdict === 'paused') throw new PharosError('conflict', 'The monitor is paused; resume it first.');
    await limitAttempts(services.lookLimit, [monitor.id]);
    await checkNow(services, monitor.number);
    return { monitorId: monitor.id };
  },
);
