import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { defaultEscalation, type EscalationStep } from '../../domain/escalation/escalationPolicy.ts';
import type { ChangeEscalationPolicy, CreateEscalationPolicy } from '../../domain/escalation/escalationPolicySchema.ts';
import { changedNames, changesBetween } from '../../domain/teams/audit.ts';
import { teamLimits } from '../../domain/teams/limits.ts';
import { PharosError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { recordDone } from '../audit/audit.ts';
import type { Database } from '../core/client.ts';
import { requireOwn } from '../core/requireOwn.ts';
import { versionConflict } from '../core/versionConflict.ts';
import { escalationPolicies, monitors } from '../schema.ts';
import { guardOneMore, withinLimits } from '../teams/limits.ts';
import { notePolicyChange } from '../teams/teams.ts';
import { listPolicyMonitors, type PolicyMonitor } from './resolvePolicy.ts';

export type EscalationPolicyRow = typeof escalationPolicies.$inferSelect;

export interface OwnPolicy {
  teamId: string;
  id: string;
}

/** An author and a policy of the team. */
type ActOnPolicy = OwnPolicy & { userId: string };

const maxPolicies = teamLimits.escalationPolicies.ceiling;

/** The default first, then in order of creation. The first read creates a team's default. */
export const listEscalationPolicies = async (services: Services, teamId: string): Promise<EscalationPolicyRow[]> => {
  await ensureDefaultPolicy(services, teamId);
  return services.db
    .select()
    .from(escalationPolicies)
    .where(eq(escalationPolicies.teamId, teamId))
    .orderBy(desc(escalationPolicies.isDefault), asc(escalationPolicies.createdAt), asc(escalationPolicies.id))
    .limit(maxPolicies)
    .all();
};

/** `default` names the team's default. Throws `not_found`, for another team's policy as well. */
export const getEscalationPolicy = async (
  services: Services,
  { teamId, id }: OwnPolicy,
): Promise<EscalationPolicyRow> => {
  if (id === 'default') await ensureDefaultPolicy(services, teamId);
  const row = await services.db
    .select()
    .from(escalationPolicies)
    .where(
      and(
        eq(escalationPolicies.teamId, teamId),
        id === 'default' ? eq(escalationPolicies.isDefault, true) : eq(escalationPolicies.id, id),
      ),
    )
    .get();
  if (!row) throw new PharosError('not_found', 'No such escalation policy exists.');
  return row;
};

/** Throws `invalid_request` for a target that the team does not have, and `limit_reached`. */
export const insertEscalationPolicy = async (
  services: Services,
  { teamId, userId, input }: { teamId: string; userId: string; input: CreateEscalationPolicy },
): Promise<EscalationPolicyRow> => {
  const { db, now } = services;
  await requireTargets(db, teamId, input.steps);
  await ensureDefaultPolicy(services, teamId);
  const at = now();
  const row = { id: newId('pol'), teamId, isDefault: false, ...input, createdAt: at, updatedAt: at };
  const written = db.batch([
    guardOneMore(services, teamId, 'escalationPolicies'),
    db.insert(escalationPolicies).values(row),
    recordDone(db, { author: userId, at, action: 'policy.created' }, eq(escalationPolicies.id, row.id)),
    notePolicyChange(db, teamId, at),
  ]);
  await withinLimits(written);
  return row;
};

/**
 * Throws `not_found`, the errors of `insertEscalationPolicy`, and `version_conflict` where somebody else changed the policy
 * since the version that the change is based on.
 */
export const updateEscalationPolicy = async (
  services: Services,
  { change: { updatedAt: seen, ...change }, userId, ...own }: ActOnPolicy & { change: ChangeEscalationPolicy },
): Promise<EscalationPolicyRow> => {
  const { db, now } = services;
  const before = await getEscalationPolicy(services, own);
  if (before.isDefault && change.tags?.length)
    throw new PharosError('invalid_request', 'The default policy cannot have tags.', [untagged]);
  if (change.steps) await requireTargets(db, own.teamId, change.steps);
  const { id } = before;
  const at = Math.max(now(), before.updatedAt + 1);
  const read = seen === undefined ? before.updatedAt : Date.parse(seen);
  const changes = policyChanges(before, change);
  const unchanged = and(eq(escalationPolicies.id, id), eq(escalationPolicies.updatedAt, read));
  const done = { author: userId, at, action: 'policy.changed', detail: { changes } } as const;
  const [, { meta }] = await db.batch([
    recordDone(db, done, and(unchanged, sql`${changes.length} > 0`)),
    db
      .update(escalationPolicies)
      .set({ ...change, updatedAt: at })
      .where(unchanged),
    notePolicyChange(db, own.teamId, at),
  ]);
  if (meta.changes === 0) throw versionConflict('the policy');
  return getEscalationPolicy(services, { teamId: own.teamId, id });
};

const untagged = {
  path: 'tags',
  message: 'The default policy applies to all monitors without another policy, so it cannot have tags.',
};

type Change = Omit<ChangeEscalationPolicy, 'updatedAt'>;

/** Steps hold ids, which mean nothing to people: the trail records only that they changed. */
const policyChanges = (before: EscalationPolicyRow, { steps = before.steps, ...change }: Change) => {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const was = Object.fromEntries(Object.keys(given).map((field) => [field, before[field as keyof typeof before]]));
  return [...changesBetween(was, given), ...changedNames({ steps: before.steps }, { steps })];
};

/**
 * Returns the monitors that used it, and the policy that they use from now on. Throws `not_found`; `conflict` for the default
 * itself.
 */
export const removeEscalationPolicy = async (
  services: Services,
  { userId, ...own }: ActOnPolicy,
): Promise<PolicyMonitor[]> => {
  const { db, now } = services;
  const { id, isDefault } = await getEscalationPolicy(services, own);
  if (isDefault)
    throw new PharosError(
      'conflict',
      'The default policy cannot be deleted: it applies to all monitors without another policy.',
    );
  const followers = await listPolicyMonitors(db, own.teamId, id);
  const at = now();
  const isOwn = eq(escalationPolicies.id, id);
  await db.batch([
    recordDone(db, { author: userId, at, action: 'policy.deleted' }, isOwn),
    db
      .update(monitors)
      .set({ escalationPolicy: null, updatedAt: sql`max(${monitors.updatedAt} + 1, ${at})` })
      .where(and(eq(monitors.teamId, own.teamId), eq(monitors.escalationPolicy, id))),
    db.delete(escalationPolicies).where(isOwn),
    notePolicyChange(db, own.teamId, at),
  ]);
  return followers;
};

const ensureDefaultPolicy = async ({ db, now }: Services, teamId: string) => {
  const at = now();
  await db
    .insert(escalationPolicies)
    .values({
      ...defaultEscalation,
      ...{ id: newId('pol'), teamId, name: 'Default', isDefault: true, steps: [], createdAt: at, updatedAt: at },
    })
    .onConflictDoNothing();
};

const requireTargets = (db: Database, teamId: string, steps: readonly EscalationStep[]) => {
  const named = steps.flatMap(({ targets }, i) =>
    targets.map((target, j) => ({ ...target, path: `steps.${i}.targets.${j}.id` })),
  );
  return requireOwn(db, teamId, named, 'A target cannot be notified.');
};
