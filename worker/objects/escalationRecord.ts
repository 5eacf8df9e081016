import type { EscalationState } from '../domain/escalation/state.ts';

/** How far people have been told of an outage, or of a lesser problem: kept in the Monitor object's record. Times are ms since the epoch. */
export interface Escalation {
  /** Id of the incident, or of the monitor and the time where none is known. */
  story: string;
  state: EscalationState;
  /** Id of the policy by which its steps were taken last; null where there was none. */
  policyId: string | null;
  /** First failed check of the outage, or the beginning of the lesser problem. */
  since: number;
  /** Who takes care of it, as people are told. */
  acknowledgedBy: string | null;
  /** Of what people did about the incident, all until then is known here. */
  heardAt: number;
}
