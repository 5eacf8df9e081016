import type { AuthorView, TargetDeletedView } from '../contract/views.ts';
import type { EscalationPolicyRow } from '../db/escalation/escalationPolicies.ts';

/** How responses write times and people. */

export const toIsoTime = (ms: number) => new Date(ms).toISOString();
export const toIsoTimeOrNull = (ms: number | null) => (ms === null ? null : toIsoTime(ms));

/** Null where there is no account of that id any more. */
export const toAuthorView = (id: string | null, email: string | null): AuthorView =>
  id !== null && email !== null ? { id, email } : null;

/** A policy that told what was deleted. */
export const toRemovedFrom = ({ id, name, steps }: EscalationPolicyRow): TargetDeletedView['removedFrom'][number] => ({
  id,
  name,
  notifiesNobody: steps.length === 0,
});
