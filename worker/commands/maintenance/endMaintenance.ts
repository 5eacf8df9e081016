import { z } from 'zod';
import { endRunningOccurrence } from '../../db/maintenance/maintenance.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { maintenanceChanged, windowIdField } from './maintenanceChanged.ts';
import { toMaintenanceView } from './maintenanceView.ts';

/** Ends the running occurrence; later ones stay. Throws `not_found`, and `conflict` if none is running. */
export const endMaintenance = command(
  'maintenance.end',
  { audits: 'maintenance.ended' },
  z.strictObject({ windowId: windowIdField }),
  async (context, { windowId }) => {
    const { services } = context;
    const row = await endRunningOccurrence(services, actOn(context, windowId));
    await maintenanceChanged(context);
    return toMaintenanceView(row, services.now());
  },
);
