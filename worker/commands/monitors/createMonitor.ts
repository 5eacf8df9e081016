import { targetRulesOf } from '../../config.ts';
import { createMonitorSchema } from '../../contract/monitorInput.ts';
import { insertMonitor } from '../../db/monitors/monitors.ts';
import { command } from '../command.ts';
import { monitorChanged } from './monitorChanged.ts';

/** Throws `invalid_request`, `limit_reached`. */
export const createMonitor = command(
  'monitor.create',
  { audits: 'monitor.created' },
  ({ services }) => createMonitorSchema(targetRulesOf(services.config)),
  async (context, input) => {
    const { services, actor } = context;
    const monitor = await insertMonitor(services, { teamId: actor.teamId, userId: actor.userId, input });
    return monitorChanged(context, monitor, 'created');
  },
);
