import { z } from 'zod';
import { choosableEvents, targetTypes } from '../domain/escalation/escalationPolicy.ts';
import { timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

export const resolvedPolicyView = responseSchema(() =>
  z
    .strictObject({
      id: z.string(),
      name: z.string(),
      because: z.enum(['monitor', 'tag', 'default']),
      tag: z.string().nullable().describe('The tag of the monitor that led to the policy.'),
      hasSteps: z.boolean().describe('False: the policy notifies nobody yet.'),
    })
    .describe('The escalation policy of a monitor, and why it applies.'),
);
export type ResolvedPolicyView = Shape<typeof resolvedPolicyView>;

export const policyMonitorView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    escalationPolicy: resolvedPolicyView(),
    otherwise: resolvedPolicyView()
      .nullable()
      .describe('The policy that would apply without this one; null for the default.'),
  }),
);
export type PolicyMonitorView = Shape<typeof policyMonitorView>;

/** The monitors of a policy; after its deletion, those that had it. */
export const policyMonitorsView = responseSchema(() =>
  z.strictObject({
    total: z.int(),
    monitors: z.array(policyMonitorView()).describe('The newest, at most 100.'),
  }),
);
export type PolicyMonitorsView = Shape<typeof policyMonitorsView>;

const step = responseSchema(() =>
  z.strictObject({
    afterSeconds: z.int().describe('Since the policy began, not since the step before.'),
    targets: z.array(z.strictObject({ type: z.enum(targetTypes), id: z.string() })),
  }),
);

export const escalationPolicyView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    steps: z.array(step()).describe('Empty until there is a channel.'),
    repeat: z.int().describe('How often all steps run again while nobody acknowledges.'),
    pauseSeconds: z.int().describe('Between the last step and the first one of the next round.'),
    remindEveryMinutes: z.int().nullable().describe('While it is down and not acknowledged; null for none.'),
    events: z.array(z.enum(choosableEvents)),
    notifyOnAcknowledgement: z.boolean(),
    isDefault: z.boolean().describe('Applies to monitors without another policy.'),
    tags: z
      .array(z.string())
      .describe(
        'Applies to monitors with one of these, unless another was chosen, or an older one has one of their tags.',
      ),
    createdAt: timestamp(),
    updatedAt: timestamp(),
  }),
);
export type EscalationPolicyView = Shape<typeof escalationPolicyView>;
