import { z } from 'zod';
import { recordPause } from '../../db/monitors/monitorState.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { monitorChanged, monitorIdField } from './monitorChanged.ts';

/** Stops checking; a paused monitor stays as it is. Throws `not_found`. */
export const pauseMonitor = command(
  'monitor.pause',
  { audits: 'monitor.paused' },
  z.strictObject({ monitorId: monitorIdField }),
  async (context, { monitorId }) => {
    const { monitor, changed } = await recordPause(context.services, actOn(context, monitorId));
    return monitorChanged(context, monitor, changed ? 'paused' : null);
  },
);
