import type { AuthorView, TargetDeletedView } from '../../contract/views.ts';
import type { EscalationPolicyRow } from '../../db/escalation/escalationPolicies.ts';

/** How times and people are written in answers. */

export const isoTime = (ms: number) => new Date(ms).toISOString();
export const isoTimeOrNull = (ms: number | null) => (ms === null ? null : isoTime(ms));

/** Null where there is no account of that id any more. */
export const toAuthorView = (id: string | null, email: string | null): AuthorView =>
  id !== null && email !== null ? { id, email } : null;

/** A policy that told what was deleted. */
export const toRemovedFrom = ({ id, name, steps }: EscalationPolicyRow): TargetDeletedView['removedFrom'][number] => ({
  id,
  name,
  tellsNobody: steps.length === 0,
});
