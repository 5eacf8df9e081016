import { updateMaintenance } from '../../db/maintenance/maintenance.ts';
import { changeMaintenanceSchema } from '../../domain/maintenance/maintenanceSchema.ts';
import { isoTime } from '../../domain/time/isoTime.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { maintenanceChanged, windowIdField } from './maintenanceChanged.ts';
import { toMaintenanceView } from './maintenanceView.ts';

/**
 * Changes the window from now on; its past counts as before. `updatedAt`: the version that the change is based on. Throws
 * `not_found`, `invalid_request`, and `version_conflict` if somebody else changed that version.
 */
export const changeMaintenance = command(
  'maintenance.change',
  { audits: 'maintenance.changed' },
  changeMaintenanceSchema.extend({ windowId: windowIdField, updatedAt: isoTime.optional() }),
  async (context, { windowId, updatedAt: seenAt, ...change }) => {
    const { services } = context;
    const row = await updateMaintenance(services, { ...actOn(context, windowId), seenAt, change });
    await maintenanceChanged(context);
    return toMaintenanceView(row, services.now());
  },
);
