import { and, asc, eq, sql } from 'drizzle-orm';
import { type PolicyChoice, type ResolvedPolicy, resolvePolicy } from '../../domain/escalation/resolvePolicy.ts';
import { PharosError } from '../../errors.ts';
import type { Database } from '../core/client.ts';
import { escalationPolicies, monitors } from '../schema.ts';

/** By which escalation policy the monitors of a team go. */

export type NamedPolicy = PolicyChoice & { name: string; hasSteps: boolean };

/** All of the team's policies, the oldest first; none where nobody has looked for them yet. */
export const listPolicyChoices = (db: Database, teamId: string): Promise<NamedPolicy[]> => {
  const { id, name, isDefault, tags, createdAt } = escalationPolicies;
  const hasSteps = sql<number>`json_array_length(${escalationPolicies.steps}) > 0`.mapWith(Boolean);
  return db
    .select({ id, name, isDefault, tags, createdAt, hasSteps })
    .from(escalationPolicies)
    .where(eq(escalationPolicies.teamId, teamId))
    .orderBy(asc(createdAt), asc(id));
};

/** Another team's policy is answered like one that does not exist: throws `invalid_request`. */
export const requirePolicy = async (db: Database, teamId: string, id: string | null): Promise<void> => {
  if (id === null) return;
  const known = await db
    .select({ id: escalationPolicies.id })
    .from(escalationPolicies)
    .where(and(eq(escalationPolicies.id, id), eq(escalationPolicies.teamId, teamId)))
    .get();
  if (known) return;
  const message = 'This policy does not exist. Choose another one, or null to select by tag or default.';
  throw new PharosError('invalid_request', 'The escalation policy is invalid.', [
    { path: 'escalationPolicyId', message },
  ]);
};

export interface PolicyMonitor {
  id: string;
  name: string;
  resolved: ResolvedPolicy<NamedPolicy>;
  /** What it would go by without the policy; null: it is the default, without which no team is. */
  otherwise: ResolvedPolicy<NamedPolicy> | null;
}

/** So many monitors are looked at, the newest first. */
const maxLookedAt = 5_000;

/** The monitors that go by a policy of the team, the newest first. */
export const listPolicyMonitors = async (db: Database, teamId: string, policyId: string): Promise<PolicyMonitor[]> => {
  const policies = await listPolicyChoices(db, teamId);
  const others = policies.filter(({ id }) => id !== policyId);
  const policy = policies.find(({ id }) => id === policyId);
  const mayGoByIt = policy?.isDefault
    ? undefined
    : sql`(${monitors.escalationPolicy} = ${policyId} OR EXISTS (SELECT 1 FROM json_each(${monitors.tags}) AS own
        JOIN json_each(${JSON.stringify(policy?.tags ?? [])}) AS tag ON tag.value = own.value))`;
  const { id, name, tags, escalationPolicy } = monitors;
  const rows = await db
    .select({ id, name, tags, escalationPolicyId: escalationPolicy })
    .from(monitors)
    .where(and(eq(monitors.teamId, teamId), mayGoByIt))
    .orderBy(sql`${monitors.number} DESC`)
    .limit(maxLookedAt);
  return rows.flatMap((row) => {
    const found = resolvePolicy(row, policies);
    if (found?.policy.id !== policyId) return [];
    return [{ id: row.id, name: row.name, resolved: found, otherwise: resolvePolicy(row, others) }];
  });
};
