import type { MonitorRef } from '../checks/dispatch/monitorRef.ts';
import type { Decision } from '../db/decisions/decisions.ts';
import type { TimelineEvent } from '../db/decisions/timelineEvents.ts';
import type { PendingDelivery } from '../db/deliveries/deliveryPlan.ts';
import type { Alerting } from '../db/escalation/alerting.ts';
import type { Region } from '../domain/checks/region.ts';
import type { JudgeSettings } from '../domain/verdict/checkPolicy.ts';
import { type MonitorState, shownOf } from '../domain/verdict/state.ts';
import type { AdvisoryState } from '../domain/verdict/watchAdvisories.ts';
import type { Escalation } from './escalationRecord.ts';

/**
 * Every change of `MonitorRecord` needs a new number: of an older schema version, only the fields that `migrateRecord` reads
 * are kept.
 */
export const recordSchemaVersion = 14;

/** Regions to ask on demand at `at`; refused requests are repeated before `until` (ms). */
export interface PendingAsk {
  regions: Region[];
  at: number;
  until?: number;
}

/** The state of a Monitor object, written as one value, so that state and pending effects stay consistent. */
export interface MonitorRecord {
  schemaVersion: typeof recordSchemaVersion;
  ref: MonitorRef;
  settings: JudgeSettings;
  /** `changedAt` of the latest standing that was read; a later one means that a person changed the monitor since. */
  changedAt: number;
  machine: MonitorState;
  /** Folded beside the state machine. */
  advisory: AdvisoryState;
  /** Recipients and their settings, as last read. */
  alerting: Alerting;
  /** Escalation of the latest problem that was, or is to be, reported; null before the first. */
  escalation: Escalation | null;
  /** When time must be folded again, ms since the epoch. */
  wakeAt: number | null;
  /** Revision of the latest decision, here or in the monitor's row; the next is higher. */
  revision: number;
  openIncident: string | null;
  pending: {
    /** The monitor's row is behind. */
    row: boolean;
    timelineEvents: TimelineEvent[];
    deliveries: PendingDelivery[];
    asks: PendingAsk[];
    /** Its dependencies need on-demand checks. */
    refreshUpstream: boolean;
    /** Dependents that wait for it need to be notified. */
    notifyDependents: boolean;
  };
  correlationId: string;
}

/**
 * Kept while the monitor is paused during an outage, so that it continues from there; `since`: start of the pause, ms since
 * the epoch.
 */
export interface RestingRecord {
  record: MonitorRecord;
  since: number;
}

export const nothingPending: MonitorRecord['pending'] = {
  row: false,
  timelineEvents: [],
  deliveries: [],
  asks: [],
  refreshUpstream: false,
  notifyDependents: false,
};

/** Identifies a timeline event; the name stays the same however often it is written. */
export const nameOf = (timelineEvent: TimelineEvent): string => {
  if (timelineEvent.type === 'verdict') return `${timelineEvent.type} ${timelineEvent.at} ${timelineEvent.to}`;
  if (timelineEvent.type === 'joined')
    return `${timelineEvent.type} ${timelineEvent.at} ${timelineEvent.evidence.region}`;
  return `${timelineEvent.type} ${timelineEvent.at} ${timelineEvent.type === 'outage' ? timelineEvent.change : timelineEvent.event}`;
};

export const decisionOf = ({ ref, machine, revision, pending }: MonitorRecord): Decision => ({
  monitor: ref.number,
  teamId: ref.teamId,
  revision,
  ...shownOf(machine),
  timelineEvents: pending.timelineEvents,
  deliveries: pending.deliveries,
});
