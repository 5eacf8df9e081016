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
 * The record after what people did. A decision in the row that is none of ours was set by a person who paused or
 * resumed, so that nothing from before counts but an outage whose incident is still open: it begins again, as where there
 * was none, from what the row says. Whoever was told of another problem hears that it was watched no more. `restedMs`: for
 * how long it was paused, as far as that is known.
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
 * Nobody knows how it stands, as after silence, but an outage was not seen to end. Where people heard of none it is told
 * as soon as it is confirmed again; where it is not known what they heard, they are taken to know.
 */
const inOutage = (machine: MonitorState, since: number, before: MonitorRecord | undefined): MonitorState => {
  if (machine.verdict !== 'unknown') return machine;
  const { notified, changes, latestChanges, isFlapping } = before?.machine ?? { ...machine, notified: 'down' as const };
  const standing = notified === 'up' ? null : 'down';
  return { ...machine, outage: { since }, standing, stoodAt: since, notified, changes, latestChanges, isFlapping };
};

const isOfOutage = (escalation: Escalation | null) => escalation === null || isOutage(escalation.state.problem);

/**
 * What is told when the monitor is no longer checked, and what is kept. An outage whose incident stays open rests: only what
 * was decided to be over is told of it.
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
