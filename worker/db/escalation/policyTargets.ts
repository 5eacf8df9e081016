import { and, eq } from 'drizzle-orm';
import {
  type EscalationStep,
  joinFirstStep,
  type Target,
  withoutTarget,
} from '../../domain/escalation/escalationPolicy.ts';
import { PharosError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { escalationPolicies } from '../schema.ts';
import { notePolicyChange } from '../teams/teams.ts';
import {
  type EscalationPolicyRow,
  getEscalationPolicy,
  listEscalationPolicies,
  type OwnPolicy,
} from './escalationPolicies.ts';

/** Automatic changes of targets: when channels, people and schedules are created or deleted. */

/** A new channel joins the first step of the team's default policy. */
export const joinDefaultPolicy = async (services: Services, teamId: string, channelId: string): Promise<void> => {
  const joining: Target = { type: 'channel', id: channelId };
  const own = { teamId, id: 'default' };
  await changeSteps(services, own, (steps) => joinFirstStep(steps, joining));
};

/** Removes a target from all policies of the team; returns the policies that notified it. */
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

/** Changes the current steps: somebody else may change them at the same time. */
const changeSteps = async (
  services: Services,
  own: OwnPolicy,
  change: (steps: EscalationStep[]) => EscalationStep[],
): Promise<EscalationPolicyRow> => {
  for (let tries = 0; tries < maxTries; tries++) {
    const policy = await getEscalationPolicy(services, own);
    const steps = change(policy.steps);
    const updatedAt = Math.max(services.now(), policy.updatedAt + 1);
    const [{ meta }] = await services.db.batch([
      services.db
        .update(escalationPolicies)
        .set({ steps, updatedAt })
        .where(and(eq(escalationPolicies.id, policy.id), eq(escalationPolicies.updatedAt, policy.updatedAt))),
      notePolicyChange(services.db, own.teamId, updatedAt),
    ]);
    if (meta.changes === 1) return { ...policy, steps, updatedAt };
  }
  throw new PharosError('version_conflict', 'Other users are changing the escalation policy. Try again.');
};
