import type { EscalationState } from '../domain/escalation/state.ts';

/** How far an outage or an advisory was escalated: kept in the Monitor object's record. Times are ms since the epoch. */
export interface Escalation {
  /** Id of the incident, or monitor and time where there is none. */
  dedupKey: string;
  state: EscalationState;
  /** Id of the policy of its latest steps; null where there was none. */
  policyId: string | null;
  /** First failed check of the outage, or the beginning of the advisory. */
  since: number;
  /** Name of the person who acknowledged it, as messages show it. */
  acknowledgedBy: string | null;
  /** People's actions on the incident until then are known here. */
  lastSeenAt: number;
}
