import { z } from 'zod';
import { recordRevocation } from '../../db/history/reclassifications.ts';
import { command } from '../command.ts';
import { historyChanged } from './historyChanged.ts';
import { toReclassificationView } from './reclassificationView.ts';

/** Revokes a reclassification, which stays visible with its revoker. Throws `not_found`. */
export const revokeReclassification = command(
  'reclassification.revoke',
  { audits: 'reclassification.revoked' },
  z.strictObject({ monitorId: z.string(), reclassificationId: z.string() }),
  async (context, { monitorId, reclassificationId: reclassification }) => {
    const { teamId, userId } = context.actor;
    const { row, changed } = await recordRevocation(context.services, {
      teamId,
      userId,
      id: monitorId,
      reclassification,
    });
    if (changed) await historyChanged(context);
    return toReclassificationView(monitorId)(row);
  },
);
