import { sweepRecipients } from './alerts/askRecipients.ts';
import { consumeAlerts } from './alerts/consume.ts';
import { sweepDeliveries } from './alerts/sweep.ts';
import { sweepChannels } from './alerts/sweepChannels.ts';
import { app } from './app.ts';
import { consumeChecks } from './checks/consume.ts';
import { dispatchMinute } from './checks/dispatch.ts';
import { sweepDistrust } from './checks/distrust.ts';
import { limitDomains } from './checks/limitDomains.ts';
import { sweepSilence } from './checks/silence.ts';
import { fillSearchText } from './db/fillSearchText.ts';
import { newId } from './ids.ts';
import { alertsQueue, regionOfQueue, type Services, servicesOf } from './services.ts';
import { recordDeadLetters } from './watcher/deadLetters.ts';
import { sendSignOfLife } from './watcher/deadMan.ts';
import { resealOld } from './watcher/reseal.ts';
import { dropOldRecords } from './watcher/retention.ts';
import { keepStorage } from './watcher/storage.ts';

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
  await sendSignOfLife(services);
};

/**
 * What is dispatched and what is expected of it follow the same limits: a monitor that is checked less often from now on
 * is not silent by the interval it had. Where the load of domains cannot be counted, all goes on as the minute before.
 */
const checkMinute = async (services: Services, cronAt: number) => {
  const [limited] = await Promise.allSettled([limitDomains(services)]);
  const done = await Promise.allSettled([dispatch(services, cronAt), sweepSilence(services)]);
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
