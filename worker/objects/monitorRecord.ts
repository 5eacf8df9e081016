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

/** Another form of `MonitorRecord` needs another number here: of an older form only what `migrateRecord` reads goes on. */
export const recordSchemaVersion = 14;

/** Regions that are to be asked out of turn at `at`; what was refused already is asked again before `until` (ms). */
export interface PendingAsk {
  regions: Region[];
  at: number;
  until?: number;
}

/** All that a Monitor object knows: written as one value, so that state and pending effects cannot part. */
export interface MonitorRecord {
  schemaVersion: typeof recordSchemaVersion;
  ref: MonitorRef;
  settings: JudgeSettings;
  /** `changedAt` of the standing that was read last: a later one means that a person did something since. */
  changedAt: number;
  machine: MonitorState;
  /** What is folded beside the state machine. */
  advisory: AdvisoryState;
  /** Who is told how, as it was read last. */
  alerting: Alerting;
  /** Of the trouble that people were, or are to be, told of last; null before the first. */
  escalation: Escalation | null;
  /** When time must be folded again, ms since the epoch. */
  wakeAt: number | null;
  /** Of the latest decision, here or in the monitor's row; the next is higher. */
  revision: number;
  openIncident: string | null;
  pending: {
    /** The monitor's row is behind. */
    row: boolean;
    timelineEvents: TimelineEvent[];
    deliveries: PendingDelivery[];
    asks: PendingAsk[];
    /** What it depends on is to be looked at out of turn. */
    refreshUpstream: boolean;
    /** Those that depend on it and wait for it are to be told. */
    notifyDependents: boolean;
  };
  correlationId: string;
}

/** What is kept while the monitor is paused in an outage, so that it goes on from there; `since`: from when, ms since the epoch. */
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

/** Facts are told apart by this; the same fact has the same name however often it is written. */
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
