import { sweepRecipients } from './alerts/outbox/askRecipients.ts';
import { consumeAlerts } from './alerts/outbox/consume.ts';
import { sweepDeliveries } from './alerts/outbox/sweep.ts';
import { sweepChannels } from './alerts/outbox/sweepChannels.ts';
import { app } from './app.ts';
import { dispatchMinute } from './checks/dispatch/dispatch.ts';
import { limitDomains } from './checks/dispatch/limitDomains.ts';
import { consumeChecks } from './checks/pipeline/consume.ts';
import { sweepDistrust } from './checks/regions/distrust.ts';
import { sweepStaleRegions } from './checks/regions/staleRegions.ts';
import { fillSearchText } from './db/monitors/fillSearchText.ts';
import { newId } from './ids.ts';
import { recordDeadLetters } from './operations/deadLetters.ts';
import { sendHeartbeat } from './operations/deadMan.ts';
import { resealOld } from './operations/reseal.ts';
import { dropOldRecords } from './operations/retention.ts';
import { keepStorage } from './operations/storage.ts';
import { alertsQueue, regionOfQueue, type Services, servicesOf } from './services.ts';

export default {
  fetch: app.fetch,
  scheduled: (controller, env) => runMinute(servicesOf(env), controller.scheduledTime),
  queue: (batch, env) => {
    const services = servicesOf(env);
    if (batch.queue === alertsQueue) return consumeAlerts(services, batch);
    return regionOfQueue(batch.queue) ? consumeChecks(services, batch) : recordDeadLetters(services, batch);
  },
} satisfies ExportedHandler<Env>;

const dispatch = async (services: Services, cronAt: number) => {
  await dispatchMinute(services, cronAt);
  await sendHeartbeat(services);
};

/**
 * Dispatch and the sweep for stale data follow the same limits: a monitor that is now checked less often must not become
 * stale by its earlier interval. Where the load of domains cannot be counted, the limits of the minute before stay.
 */
const checkMinute = async (services: Services, cronAt: number) => {
  const [limited] = await Promise.allSettled([limitDomains(services)]);
  const done = await Promise.allSettled([dispatch(services, cronAt), sweepStaleRegions(services)]);
  const failed = [limited, ...done].find((d) => d.status === 'rejected');
  if (failed) throw failed.reason;
};

/** None waits for the others, and a failure of one does not end the others. */
export const runMinute = async (services: Services, cronAt: number) => {
  const done = await Promise.allSettled([
    checkMinute(services, cronAt),
    sweepDistrust(services),
    sweepDeliveries(services),
    sweepChannels(services),
    sweepRecipients(services, newId('run')),
    dropOldRecords(services),
    keepStorage(services),
    resealOld(services),
    fillSearchText(services),
  ]);
  const failed = done.find((d) => d.status === 'rejected');
  if (failed) throw failed.reason;
};
