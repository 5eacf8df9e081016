import type { TimelineEvent } from '../db/decisions/timelineEvents.ts';
import type { SuppressionReason } from '../db/schema.ts';
import { checkPolicyFrom, type Dependency } from '../domain/verdict/checkPolicy.ts';
import type { Effect } from '../domain/verdict/effect.ts';
import type { Explanation, Suppression } from '../domain/verdict/explanation.ts';
import { explain, wakeAt } from '../domain/verdict/machine.ts';
import { type MonitorState, shownOf } from '../domain/verdict/state.ts';
import {
  advisoryWakeAt,
  isAdvisoryDue,
  suppressedAdvisory,
  type Watched,
  watchAdvisories,
} from '../domain/verdict/watchAdvisories.ts';
import { newId } from '../ids.ts';
import { awaitsNotification, escalate, escalationWakeAt, isNotified } from './escalating.ts';
import type { MonitorRecord } from './monitorRecord.ts';

/** While an effect waits for the context to change, the context is refreshed this often, in case the notifying call is lost. */
const refreshContextMs = 60_000;

/** The same while recipients know of a problem: it also ends when the monitor is no longer checked. */
const refreshWhileNotifiedMs = 600_000;

/** The record with a folded state and its pending effects. */
export const folded = (
  record: MonitorRecord,
  [machine, effects]: [MonitorState, Effect[]],
  correlationId: string,
  now: number,
): MonitorRecord => {
  const { settings, pending } = record;
  const opens = effects.some((effect) => effect.type === 'outage' && effect.change === 'opened');
  const openIncident = opens ? newId('inc') : record.openIncident;
  const timelineEvents = effects.flatMap((effect) => factOf(effect, openIncident, settings.dependencies));
  const asks = effects.filter((e) => e.type === 'ask').map(({ regions, at }) => ({ regions, at }));
  const changed =
    timelineEvents.length > 0 || JSON.stringify(shownOf(machine)) !== JSON.stringify(shownOf(record.machine));
  const turnsSuspect = record.machine.suspicion === null && machine.suspicion !== null;
  const before = standingFor(record.machine);
  const watched = watchedOf(record, machine);
  const [advisory, advisoryEffect] = watchAdvisories(record.advisory, watched, now);
  const happened = { effects, advisory: advisoryEffect, incidentId: openIncident };
  const { escalation, notified } = escalate(record, machine, happened, now);
  const times = [
    escalationWakeAt(escalation, record.alerting.policy, machine),
    advisoryWakeAt(advisory, watched, now),
    isNotified(escalation) ? now + refreshWhileNotifiedMs : null,
  ];
  return {
    ...record,
    machine,
    advisory,
    correlationId,
    openIncident,
    escalation,
    wakeAt: nextWake(
      watched,
      times,
      awaitsNotification(machine) || suppressedAdvisory(advisory, watched, now) !== null,
      now,
    ),
    revision: changed ? Math.max(now, record.revision + 1) : record.revision,
    pending: {
      row: pending.row || changed,
      timelineEvents: [...pending.timelineEvents, ...timelineEvents],
      deliveries: [...pending.deliveries, ...notified],
      asks: [...pending.asks, ...asks],
      refreshUpstream: pending.refreshUpstream || (turnsSuspect && settings.dependencies.length > 0),
      // No monitor waits for one that was up.
      notifyDependents: pending.notifyDependents || (before !== 'up' && before !== standingFor(machine)),
    },
  };
};

const factOf = (effect: Effect, incidentId: string | null, dependencies: readonly Dependency[]): TimelineEvent[] => {
  if (effect.type === 'ask') return [];
  if (effect.type === 'verdict') return [effect];
  if (effect.type !== 'suppressed') return [{ ...effect, incidentId }];
  return [{ ...effect, incidentId, because: suppressionReason(effect.because, dependencies) }];
};

/** With the names of the monitors as they were then. */
const suppressionReason = (because: Suppression, dependencies: readonly Dependency[]): SuppressionReason => {
  if (because.type === 'maintenance') return because;
  const { type, monitorIds, until } = because;
  return { type, monitors: dependencies.filter(({ monitorId }) => monitorIds.includes(monitorId)), until };
};

/** Its standing for dependents, as its row will show it (db/decisions/decisions.ts). */
const standingFor = ({ verdict, outage, suspicion }: MonitorState): Dependency['standing'] => {
  if (verdict === 'down' || (verdict === 'unknown' && outage)) return 'down';
  return suspicion ? 'suspect' : 'up';
};

const nextWake = (
  { machine, policy }: Watched,
  times: readonly (number | null)[],
  isSuppressed: boolean,
  now: number,
): number | null => {
  const at = Math.min(...[wakeAt(machine, policy, now), ...times].map((time) => time ?? Infinity));
  const next = isSuppressed || policy.distrusted.length > 0 ? Math.min(at, now + refreshContextMs) : at;
  return next === Infinity ? null : next;
};

const watchedOf = (
  { settings, alerting }: Pick<MonitorRecord, 'settings' | 'alerting'>,
  machine: MonitorState,
): Watched => ({
  machine,
  policy: checkPolicyFrom(settings),
  events: alerting.policy.events,
});

/** Whether the machine's new state makes a notification due, even if it is suppressed. */
export const mustNotify = (record: MonitorRecord, machine: MonitorState, now: number): boolean =>
  awaitsNotification(machine) || isAdvisoryDue(record.advisory, watchedOf(record, machine), now);

/** The reasons for the verdict, and whether an alert is suppressed. */
export const explained = (record: MonitorRecord, now: number): Explanation => {
  const { machine, settings, advisory } = record;
  const explanation = explain(machine, checkPolicyFrom(settings), now);
  return {
    ...explanation,
    suppressed: explanation.suppressed ?? suppressedAdvisory(advisory, watchedOf(record, machine), now),
  };
};
