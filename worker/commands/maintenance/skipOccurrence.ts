import { setSkipped } from '../../db/maintenance/setSkipped.ts';
import { skipSchema } from '../../domain/maintenance/maintenanceSchema.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { maintenanceChanged, windowIdField } from './maintenanceChanged.ts';
import { toMaintenanceView } from './maintenanceView.ts';

/** Skips the occurrence that starts at `from`. Idempotent. Throws `not_found`, `invalid_request`, `conflict`. */
export const skipOccurrence = command(
  'maintenance.skip',
  { audits: 'maintenance.changed' },
  skipSchema.extend({ windowId: windowIdField }),
  async (context, { windowId, from }) => {
    const { services } = context;
    const row = await setSkipped(services, { ...actOn(context, windowId), from, isSkipped: true });
    await maintenanceChanged(context);
    return toMaintenanceView(row, services.now());
  },
);
