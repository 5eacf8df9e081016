import { wakeChannels } from '../../alerts/outbox/wake.ts';
import { changeMonitorSchema } from '../../contract/monitorInput.ts';
import { listOpenChannels } from '../../db/deliveries/holds.ts';
import { updateMonitor } from '../../db/monitors/updateMonitor.ts';
import { isoTime } from '../../domain/time/isoTime.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { monitorChanged, monitorIdField } from './monitorChanged.ts';

/**
 * Applies a change. `updatedAt`: the version that the change is based on. Throws `not_found`, `invalid_request`,
 * `limit_reached`, and `version_conflict` if somebody else changed that version.
 */
export const changeMonitor = command(
  'monitor.change',
  { audits: 'monitor.changed' },
  changeMonitorSchema.safeExtend({ monitorId: monitorIdField, updatedAt: isoTime.optional() }),
  async (context, { monitorId, updatedAt: seenAt, ...change }) => {
    const { services, requestId } = context;
    const { monitor, differs } = await updateMonitor(services, { ...actOn(context, monitorId), seenAt, change });
    // Alerts of a monitor that has become critical may no longer be deferred.
    if (differs.critical && monitor.critical)
      await wakeChannels(services, await listOpenChannels(services.d1, monitor.number), requestId);
    return monitorChanged(context, monitor, differs.checks ? 'changed' : differs.policy ? 'rejudged' : 'relabelled');
  },
);
