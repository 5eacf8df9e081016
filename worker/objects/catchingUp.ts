import type { MonitorRef } from '../checks/dispatch/monitorRef.ts';
import type { Standing } from '../db/decisions/decisions.ts';
import type { PendingDelivery } from '../db/deliveries/deliveryPlan.ts';
import { isClosing, isOutage } from '../domain/escalation/events.ts';
import { defer } from '../domain/escalation/machine.ts';
import { type MonitorState, restoreState } from '../domain/verdict/state.ts';
import { noAdvisories } from '../domain/verdict/watchAdvisories.ts';
import { endEscalation, resumedEscalation } from './escalating.ts';
import type { Escalation } from './escalationRecord.ts';
import { type MonitorRecord, nothingPending, recordSchemaVersion } from './monitorRecord.ts';

/**
 * The record after people's changes. A decision in the row that is not from this object was set by a person who paused or
 * resumed. Then nothing from before counts but an outage whose incident is still open: it starts again from the row, as where
 * there was none. Recipients who were notified of another problem are notified that monitoring has ended. `restedMs`: how
 * long it was paused, where known.
 */
export const caughtUp = (
  record: MonitorRecord | undefined,
  ref: MonitorRef,
  standing: Standing,
  now: number,
  restedMs = 0,
): MonitorRecord => ({
  ...(record && record.revision >= standing.decision ? record : begun(ref, standing, record, now, restedMs)),
  ref,
  settings: standing.settings,
  changedAt: standing.changedAt,
  alerting: standing.alerting,
});

const begun = (
  ref: MonitorRef,
  { settings, changedAt, decision, verdict, verdictSince, openIncident, alerting }: Standing,
  before: MonitorRecord | undefined,
  now: number,
  restedMs: number,
): MonitorRecord => {
  const machine = restoreState({ verdict, since: verdictSince, regions: {}, suspicion: null });
  const started = {
    ...{
      schemaVersion: recordSchemaVersion as typeof recordSchemaVersion,
      ref,
      settings,
      changedAt,
      advisory: noAdvisories,
      alerting,
      wakeAt: null,
      correlationId: '',
    },
    ...{ revision: decision, openIncident: openIncident?.id ?? null },
  };
  if (openIncident === null || (before && !isOfOutage(before.escalation)))
    return {
      ...started,
      machine: openIncident ? inOutage(machine, openIncident.startedAt, before) : machine,
      escalation: null,
      pending: { ...nothingPending, deliveries: before ? endEscalation({ ...before, alerting }, now) : [] },
    };
  const escalation = before
    ? before.escalation && { ...before.escalation, state: defer(before.escalation.state, restedMs) }
    : resumedEscalation(openIncident.id, verdictSince, alerting);
  return {
    ...started,
    machine: inOutage(machine, openIncident.startedAt, before),
    escalation,
    pending: { ...nothingPending, deliveries: before?.pending.deliveries ?? [] },
  };
};

/**
 * The present state is unknown, as with stale data, but nobody saw the outage end. If no recipient was notified of it, the
 * alert is sent once it is confirmed again; where that is unknown, they count as notified.
 */
const inOutage = (machine: MonitorState, since: number, before: MonitorRecord | undefined): MonitorState => {
  if (machine.verdict !== 'unknown') return machine;
  const { notified, changes, latestChanges, isFlapping } = before?.machine ?? { ...machine, notified: 'down' as const };
  const standing = notified === 'up' ? null : 'down';
  return { ...machine, outage: { since }, standing, stoodAt: since, notified, changes, latestChanges, isFlapping };
};

const isOfOutage = (escalation: Escalation | null) => escalation === null || isOutage(escalation.state.problem);

/**
 * The notifications when checks of the monitor end, and the record that stays. An outage whose incident stays open rests:
 * only ends that were already decided are reported.
 */
export const left = (
  record: MonitorRecord,
  standing: Standing | null,
  now: number,
): { notified: PendingDelivery[]; resting: MonitorRecord | null } => {
  if (!standing) return { notified: endEscalation(record, now), resting: null };
  const { alerting } = standing;
  if (standing.openIncident === null || !isOfOutage(record.escalation))
    return { notified: endEscalation({ ...record, alerting }, now), resting: null };
  const [notified, kept] = [true, false].map((closing) =>
    record.pending.deliveries.filter(({ effect }) => isClosing(effect.event) === closing),
  ) as [PendingDelivery[], PendingDelivery[]];
  return { notified, resting: { ...record, wakeAt: null, pending: { ...nothingPending, deliveries: kept } } };
};
