import { z } from 'zod';
import { recordResumption } from '../../db/monitors/monitorState.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { monitorChanged, monitorIdField } from './monitorChanged.ts';

/** Resumes checking; an active monitor stays as it is. Throws `not_found`, `limit_reached`. */
export const resumeMonitor = command(
  'monitor.resume',
  { audits: 'monitor.resumed' },
  z.strictObject({ monitorId: monitorIdField }),
  async (context, { monitorId }) => {
    const { monitor, changed } = await recordResumption(context.services, actOn(context, monitorId));
    return monitorChanged(context, monitor, changed ? 'resumed' : null);
  },
);
