import type { LimitName } from '../domain/teams/limits.ts';

/** How much of a limit a team uses. */
export interface LimitView {
  name: LimitName;
  label: string;
  used: number;
  limit: number;
  /** `near` from 80 % on. */
  state: 'free' | 'near' | 'reached';
  /** When a limit of a period begins again; null for what is counted as it is. */
  resetsAt: string | null;
}
