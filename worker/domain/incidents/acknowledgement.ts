/** What a link is bound to. Times are ms since the epoch. */
export interface Acknowledgement {
  teamId: string;
  incidentId: string;
  /** Whose message holds the link. */
  channelId: string;
  /** Of the policy by which the monitor went when the message was made. */
  mark: number;
  /** When the message was made. */
  at: number;
}

/** So many bits has the mark of a policy. */
export const markBits = 24;

/** Distinguishes policies of a team by 20 bits of their random ids; no policy has a mark of its own. */
export const policyMark = (policyId: string | null): number =>
  policyId === null ? 2 ** markBits - 1 : Number.parseInt(policyId.slice(-4), 36);
