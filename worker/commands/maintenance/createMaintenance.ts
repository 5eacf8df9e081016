import { insertMaintenance } from '../../db/maintenance/maintenance.ts';
import { createMaintenanceSchema } from '../../domain/maintenance/maintenanceSchema.ts';
import { command } from '../command.ts';
import { maintenanceChanged } from './maintenanceChanged.ts';
import { toMaintenanceView } from './maintenanceView.ts';

/** Throws `invalid_request`, `limit_reached`. */
export const createMaintenance = command(
  'maintenance.create',
  { audits: 'maintenance.created' },
  createMaintenanceSchema,
  async (context, given) => {
    const { services, actor } = context;
    const row = await insertMaintenance(services, { teamId: actor.teamId, userId: actor.userId, given });
    await maintenanceChanged(context);
    return toMaintenanceView(row, services.now());
  },
);
