import type { EscalationState } from '../domain/escalation/state.ts';

/** How far an outage or an advisory was escalated: kept in the Monitor object's record. Times are ms since the epoch. */
export interface Escalation {
  /** Id of the incident, or of the monitor and the time where none is known. */
  dedupKey: string;
  state: EscalationState;
  /** Id of the policy by which its steps were taken last; null where there was none. */
  policyId: string | null;
  /** First failed check of the outage, or the beginning of the advisory. */
  since: number;
  /** Name of the person who acknowledged it, as messages show it. */
  acknowledgedBy: string | null;
  /** Of what people did about the incident, all until then is known here. */
  lastSeenAt: number;
}
