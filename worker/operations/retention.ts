import { purgeOfDeletedChannels } from '../db/channels/deletedChannels.ts';
import { deletionsOfTurns } from '../db/checks/domainTurns.ts';
import { deleteOldDeliveries, deletionOfAuditEntries, deletionOfDeadLetters } from '../db/operations/retention.ts';
import { deletionOfSignIns } from '../db/teams/signIns.ts';
import { newId } from '../ids.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';

const dayMs = 86_400_000;

/**
 * Deletes data that is older than configured, a little in each minute. Dead letters are deleted with the deliveries, and the
 * data of a deleted channel with its last recovery.
 */
export const dropOldRecords = async (services: Services): Promise<void> => {
  const { config, d1, now } = services;
  const at = now();
  const deliveryBefore = at - config.deliveryDays * dayMs;
  const deliveries = await deleteOldDeliveries(d1, deliveryBefore);
  // One trip: an invocation of the free plan has 50.
  const results = await d1.batch([
    purgeOfDeletedChannels(services),
    deletionOfSignIns(d1, at),
    ...deletionsOfTurns(d1, at),
    deletionOfAuditEntries(d1, at - config.auditDays * dayMs),
    deletionOfDeadLetters(d1, deliveryBefore),
  ]);
  const [auditEntries = 0, deadLetters = 0] = results.slice(-2).map(({ meta }) => meta.changes);
  if (deliveries + auditEntries + deadLetters === 0) return;
  log('retention', newId('run'), { deliveries, auditEntries, deadLetters });
};
