import { z } from 'zod';
import { removeMonitor } from '../../db/monitors/monitors.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { monitorIdField, publishChange } from './monitorChanged.ts';

/** Throws `not_found`. */
export const deleteMonitor = command(
  'monitor.delete',
  { audits: 'monitor.deleted' },
  z.strictObject({ monitorId: monitorIdField }),
  async (context, { monitorId }) =>
    publishChange(context, await removeMonitor(context.services, actOn(context, monitorId)), 'deleted'),
);
