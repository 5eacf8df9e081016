import { z } from 'zod';
import { insertReclassification } from '../../db/history/reclassifications.ts';
import { createReclassificationSchema } from '../../domain/history/reclassification.ts';
import { command } from '../command.ts';
import { historyChanged } from './historyChanged.ts';
import { toReclassificationView } from './reclassificationView.ts';

/** Reclassifies a past time of a monitor. Throws `not_found`, `invalid_request`, and `conflict` where it overlaps. */
export const createReclassification = command(
  'reclassification.create',
  { audits: 'reclassification.created' },
  createReclassificationSchema.extend({ monitorId: z.string() }),
  async (context, { monitorId, ...input }) => {
    const { teamId, userId } = context.actor;
    const row = await insertReclassification(context.services, { teamId, userId, id: monitorId, input });
    await historyChanged(context);
    return toReclassificationView(monitorId)(row);
  },
);
