import type { MessageDraft } from '../alerts/messages/addLinks.ts';
import type { PendingDelivery } from '../db/deliveries/deliveryPlan.ts';
import { readCountedTime } from '../db/incidents/incidentTime.ts';
import { isClosing, isOutage } from '../domain/escalation/events.ts';
import { logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import { within } from '../within.ts';
import type { MonitorRecord } from './monitorRecord.ts';

/** After this, notifications are sent without the counted time. */
const withinMs = 2_000;

/**
 * Adds the counted time of the outage to deliveries of a recovery. Read from the database once per recovery; if that fails,
 * the deliveries are sent without it.
 */
export const withCountedTime = async (
  services: Services,
  record: MonitorRecord,
  deliveries: readonly PendingDelivery[],
): Promise<PendingDelivery[]> =>
  Promise.all(
    deliveries.map(async (delivery) => {
      const { event, about } = delivery.effect;
      const message = delivery.message as MessageDraft;
      if (!isClosing(event) || !isOutage(about) || message.durationMs === null) return delivery;
      const period = { from: message.since, to: message.since + message.durationMs };
      const counted = await inTime(readCountedTime(services, record.ref.number, period, decidedIn(record))).catch(
        (error: unknown) => {
          logFailure('effect', record.correlationId, error, { monitorId: record.ref.id, part: 'counted-time' });
          return null;
        },
      );
      return { ...delivery, message: { ...message, counted } };
    }),
  );

const decidedIn = ({ pending }: MonitorRecord) =>
  pending.timelineEvents.flatMap((timelineEvent) =>
    timelineEvent.type === 'verdict' ? [{ since: timelineEvent.since, verdict: timelineEvent.to }] : [],
  );

const inTime = <T>(reading: Promise<T>) =>
  within(withinMs, reading, () => new Error(`No answer within ${withinMs} ms`));
