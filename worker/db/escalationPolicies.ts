import { and, asc, desc, eq, sql } from 'drizzle-orm';
import {
  type CreateEscalationPolicy,
  defaultEscalation,
  type EscalationStep,
  joinFirstStep,
  type Target,
  withoutTarget,
} from '../domain/escalation/policy.ts';
import { PharosError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import type { Database } from './client.ts';
import { channels, escalationPolicies } from './schema.ts';

export type EscalationPolicyRow = typeof escalationPolicies.$inferSelect;

interface OwnPolicy {
  teamId: string;
  id: string;
}

const maxPolicies = 100;

/** The default first, then in the order in which they were made. A team has the default from its first look on. */
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
  if (!row) throw new PharosError('not_found', 'There is no such escalation policy.');
  return row;
};

/** Throws `invalid_request` for a channel that the team does not have, and `conflict` where there are too many policies. */
export const createEscalationPolicy = async (
  services: Services,
  { teamId, input }: { teamId: string; input: CreateEscalationPolicy },
): Promise<EscalationPolicyRow> => {
  const { db, now } = services;
  await requireTargets(db, teamId, input.steps);
  if ((await listEscalationPolicies(services, teamId)).length >= maxPolicies)
    throw new PharosError('conflict', `A team has at most ${maxPolicies} escalation policies.`);
  const at = now();
  const row = { id: newId('pol'), teamId, isDefault: false, tags: [], ...input, createdAt: at, updatedAt: at };
  await db.insert(escalationPolicies).values(row);
  return row;
};

/** What is given; what is undefined stays as it is. */
type Change = { [Field in keyof CreateEscalationPolicy]?: CreateEscalationPolicy[Field] | undefined };

/** Throws `not_found`, and what `createEscalationPolicy` throws. */
export const changeEscalationPolicy = async (
  services: Services,
  { change, ...own }: OwnPolicy & { change: Change },
): Promise<EscalationPolicyRow> => {
  const { id } = await getEscalationPolicy(services, own);
  if (change.steps) await requireTargets(services.db, own.teamId, change.steps);
  await services.db
    .update(escalationPolicies)
    .set({ ...change, updatedAt: services.now() })
    .where(and(eq(escalationPolicies.id, id), eq(escalationPolicies.teamId, own.teamId)));
  return getEscalationPolicy(services, { teamId: own.teamId, id });
};

/** Its monitors go by the default from then on. Throws `not_found`; `conflict` for the default itself. */
export const deleteEscalationPolicy = async (services: Services, own: OwnPolicy): Promise<void> => {
  const { id, isDefault } = await getEscalationPolicy(services, own);
  if (isDefault)
    throw new PharosError('conflict', 'The default policy cannot be deleted: monitors without another one go by it.');
  await services.d1.batch([
    services.d1
      .prepare('UPDATE monitors SET escalation_policy = NULL WHERE team_id = ?2 AND escalation_policy = ?1')
      .bind(id, own.teamId),
    services.d1.prepare('DELETE FROM escalation_policies WHERE id = ?1 AND team_id = ?2').bind(id, own.teamId),
  ]);
};

/** A new channel joins the first step of the team's default policy. */
export const joinDefaultPolicy = async (services: Services, teamId: string, channelId: string): Promise<void> => {
  const joining: Target = { type: 'channel', id: channelId };
  const own = { teamId, id: 'default' };
  await changeSteps(services, own, (steps) => joinFirstStep(steps, joining));
};

/** Takes a target out of all policies of the team; answers with those that told it. */
export const leavePolicies = async (
  services: Services,
  teamId: string,
  gone: Target,
): Promise<EscalationPolicyRow[]> => {
  const left: EscalationPolicyRow[] = [];
  for (const { id, steps } of await listEscalationPolicies(services, teamId))
    if (steps.some(({ targets }) => targets.some((target) => target.type === gone.type && target.id === gone.id)))
      left.push(await changeSteps(services, { teamId, id }, (latest) => withoutTarget(latest, gone)));
  return left;
};

const maxTries = 5;

/** Changes the steps as they are by now: somebody else may change them at the same time. */
const changeSteps = async (
  services: Services,
  own: OwnPolicy,
  change: (steps: EscalationStep[]) => EscalationStep[],
): Promise<EscalationPolicyRow> => {
  for (let tries = 0; tries < maxTries; tries++) {
    const policy = await getEscalationPolicy(services, own);
    const steps = change(policy.steps);
    const updatedAt = Math.max(services.now(), policy.updatedAt + 1);
    const { meta } = await services.db
      .update(escalationPolicies)
      .set({ steps, updatedAt })
      .where(and(eq(escalationPolicies.id, policy.id), eq(escalationPolicies.updatedAt, policy.updatedAt)));
    if (meta.changes === 1) return { ...policy, steps, updatedAt };
  }
  throw new PharosError('conflict', 'The escalation policy is being changed by others. Try again.');
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

/** Another team's channel is answered like one that does not exist. */
const requireTargets = async (db: Database, teamId: string, steps: readonly EscalationStep[]) => {
  const targets = steps.flatMap((step, i) =>
    step.targets.map((target, j) => ({ ...target, path: `steps.${i}.targets.${j}` })),
  );
  const ids = targets.filter(({ type }) => type === 'channel').map(({ id }) => id);
  const own = await db
    .select({ id: channels.id })
    .from(channels)
    .where(
      and(eq(channels.teamId, teamId), sql`${channels.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`),
    );
  const problems = targets.flatMap(({ type, id, path }) => {
    if (type !== 'channel')
      return [{ path: `${path}.type`, message: 'People and on-call schedules cannot be told yet. Choose a channel.' }];
    return own.some((channel) => channel.id === id)
      ? []
      : [{ path: `${path}.id`, message: 'This channel does not exist (any more).' }];
  });
  if (problems.length > 0) throw new PharosError('invalid_request', 'A target cannot be told.', problems);
};
