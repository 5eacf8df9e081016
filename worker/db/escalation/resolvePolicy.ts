import { and, asc, eq, sql } from 'drizzle-orm';
import { type PolicyChoice, type ResolvedPolicy, resolvePolicy } from '../../domain/escalation/resolvePolicy.ts';
import { PharosError } from '../../errors.ts';
import type { Database } from '../core/client.ts';
import { escalationPolicies, monitors } from '../schema.ts';

/** The escalation policies of a team's monitors. */

export type NamedPolicy = PolicyChoice & { name: string; hasSteps: boolean };

/** All of the team's policies, the oldest first; none before the first read. */
export const listPolicyChoices = (db: Database, teamId: string): Promise<NamedPolicy[]> => {
  const { id, name, isDefault, tags, createdAt } = escalationPolicies;
  const hasSteps = sql<number>`json_array_length(${escalationPolicies.steps}) > 0`.mapWith(Boolean);
  return db
    .select({ id, name, isDefault, tags, createdAt, hasSteps })
    .from(escalationPolicies)
    .where(eq(escalationPolicies.teamId, teamId))
    .orderBy(asc(createdAt), asc(id));
};

/** Another team's policy is treated like one that does not exist: throws `invalid_request`. */
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
  /** The policy that would apply without this one; null for the default, which every team has. */
  otherwise: ResolvedPolicy<NamedPolicy> | null;
}

/** At most this many monitors are read, the newest first. */
const maxLookedAt = 5_000;

/** The monitors that use a policy of the team, the newest first. */
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
