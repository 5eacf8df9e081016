import { purgeDeletedChannels } from '../db/deletedChannels.ts';
import { dropDomainTurns } from '../db/domainTurns.ts';
import { deleteOldAuditEntries, deleteOldDeadLetters, deleteOldDeliveries } from '../db/retention.ts';
import { purgeSignIns } from '../db/signIns.ts';
import { newId } from '../ids.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';

const dayMs = 86_400_000;

/**
 * Deletes what is older than the configuration says, a little in each minute. Dead letters go with the deliveries, and what
 * was kept of a deleted channel with its last end.
 */
export const dropOldRecords = async ({ config, d1, db, now }: Services): Promise<void> => {
  const at = now();
  await purgeDeletedChannels(db);
  await purgeSignIns(d1, at);
  await dropDomainTurns(d1, at);
  const [deliveries, auditEntries, deadLetters] = [
    await deleteOldDeliveries(d1, at - config.deliveryDays * dayMs),
    await deleteOldAuditEntries(d1, at - config.auditDays * dayMs),
    await deleteOldDeadLetters(d1, at - config.deliveryDays * dayMs),
  ];
  if (deliveries + auditEntries + deadLetters === 0) return;
  log('retention', newId('run'), { deliveries, auditEntries, deadLetters });
};
