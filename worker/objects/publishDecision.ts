import { toIsoTime } from '../domain/time/toIsoTime.ts';
import { shownOf } from '../domain/verdict/state.ts';
import { publishLiveEvent } from '../live/publishLiveEvent.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';
import type { MonitorRecord } from './monitorRecord.ts';

/** Logs the verdict's changes. */
export const logTransitions = ({ ref, pending, correlationId }: MonitorRecord): void => {
  for (const timelineEvent of pending.timelineEvents)
    if (timelineEvent.type === 'verdict') {
      const { from, to, since, at } = timelineEvent;
      log('transition', correlationId, { monitorId: ref.id, from, to, since, at });
    }
};

/** Publishes the decision to open dashboards. Idempotent. */
export const publishDecision = async (
  services: Services,
  { ref, machine, pending, correlationId }: MonitorRecord,
): Promise<void> => {
  const shown = shownOf(machine);
  await publishLiveEvent(services, ref.teamId, correlationId, {
    type: 'verdict',
    monitorId: ref.id,
    ...shown,
    verdictSince: toIsoTime(shown.verdictSince),
  });
  const incidents = pending.timelineEvents.map((timelineEvent) =>
    timelineEvent.type === 'verdict' ? null : timelineEvent.incidentId,
  );
  for (const incidentId of new Set(incidents))
    if (incidentId !== null)
      await publishLiveEvent(services, ref.teamId, correlationId, {
        type: 'incident',
        incidentId,
        monitorId: ref.id,
        state: machine.outage ? 'open' : 'resolved',
      });
};
