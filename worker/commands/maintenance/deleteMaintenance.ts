import { z } from 'zod';
import { removeMaintenance } from '../../db/maintenance/maintenance.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { maintenanceChanged, windowIdField } from './maintenanceChanged.ts';

/** Ends a window that has occurred, and deletes one that has not. A window that is over stays. Throws `not_found`. */
export const deleteMaintenance = command(
  'maintenance.delete',
  { audits: 'maintenance.deleted' },
  z.strictObject({ windowId: windowIdField }),
  async (context, { windowId }) => {
    await removeMaintenance(context.services, actOn(context, windowId));
    await maintenanceChanged(context);
  },
);
