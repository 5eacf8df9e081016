import { z } from 'zod';
import { nameField } from '../fields/name.ts';
import { tagField } from '../fields/tag.ts';
import {
  choosableEvents,
  defaultEscalation,
  type EscalationStep,
  maxSteps,
  maxTargetsPerStep,
  targetTypes,
  uniqueTargets,
} from './escalationPolicy.ts';

const maxDelaySeconds = 86_400;
const maxRepeat = 20;
const minPauseSeconds = 60;
const maxReminderMinutes = 10_080;

const target = z.strictObject(
  {
    type: z.enum(targetTypes, 'The type of a target must be "channel", "person" or "onCall".'),
    id: z
      .string('The id of the target is required.')
      .min(1, 'The id of the target is required.')
      .max(64, 'This is not a valid id.'),
  },
  'A target must be an object such as {"type": "channel", "id": "…"}.',
);

const step = z.strictObject({
  afterSeconds: z
    .int('The delay must be a whole number of seconds.')
    .min(0, 'A delay cannot be negative.')
    .max(maxDelaySeconds, 'A delay can be at most 86,400 seconds (24 hours).'),
  targets: z.array(target, 'The targets must be a list.').transform(uniqueTargets),
});

const distinct = (tags: string[]) => [...new Set(tags)];

/** Which step is wrong, counted from 1 as people do. */
const checkSteps = (steps: readonly EscalationStep[], ctx: z.RefinementCtx) => {
  steps.forEach(({ afterSeconds, targets }, i) => {
    const complain = (field: keyof EscalationStep, message: string) =>
      ctx.addIssue({ code: 'custom', path: [i, field], message });
    const before = steps[i - 1];
    if (before && afterSeconds < before.afterSeconds)
      complain(
        'afterSeconds',
        `Step ${i + 1} starts after ${seconds(afterSeconds)}, before step ${i} (${seconds(before.afterSeconds)}). All delays count from the start of the outage, so each must be at least the previous one.`,
      );
    if (targets.length === 0)
      complain(
        'targets',
        `Step ${i + 1} notifies nobody. Add a channel, a person or an on-call schedule, or remove the step.`,
      );
    if (targets.length > maxTargetsPerStep)
      complain('targets', `Step ${i + 1} has ${targets.length} targets; the maximum is ${maxTargetsPerStep}.`);
  });
};

const seconds = (count: number) => `${count.toLocaleString('en')} seconds`;

const fields = {
  name: nameField('policy'),
  steps: z
    .array(step, 'The steps must be a list.')
    .min(1, 'A policy without steps notifies nobody. Add at least one step.')
    .max(maxSteps, `At most ${maxSteps} steps.`)
    .superRefine(checkSteps),
  repeat: z
    .int('The number of repetitions must be a whole number.')
    .min(0, 'The number of repetitions cannot be negative; 0 is none.')
    .max(maxRepeat, `At most ${maxRepeat} repetitions.`),
  pauseSeconds: z
    .int('The pause must be a whole number of seconds.')
    .min(minPauseSeconds, `The pause must be at least ${minPauseSeconds} seconds.`)
    .max(maxDelaySeconds, 'The pause can be at most 86,400 seconds (24 hours).'),
  remindEveryMinutes: z
    .int('The reminder interval must be a whole number of minutes, or null for none.')
    .min(1, 'The reminder interval must be at least 1 minute.')
    .max(maxReminderMinutes, 'The reminder interval can be at most 10,080 minutes (7 days).')
    .nullable(),
  events: z
    .array(
      z.enum(choosableEvents, `An event must be one of ${choosableEvents.join(', ')}.`),
      'The events must be a list.',
    )
    .min(1, 'Choose at least one event.')
    .transform((chosen) => choosableEvents.filter((event) => chosen.includes(event))),
  notifyOnAcknowledgement: z.boolean('"notifyOnAcknowledgement" must be true or false.'),
  /** Monitors with one of these go by it, unless another policy was chosen for them. */
  tags: z.array(tagField, 'The tags must be a list.').max(20, 'At most 20 tags.').transform(distinct),
};

export const createEscalationPolicySchema = z.strictObject({
  ...fields,
  repeat: fields.repeat.default(defaultEscalation.repeat),
  pauseSeconds: fields.pauseSeconds.default(defaultEscalation.pauseSeconds),
  remindEveryMinutes: fields.remindEveryMinutes.default(defaultEscalation.remindEveryMinutes),
  events: fields.events.default(defaultEscalation.events),
  notifyOnAcknowledgement: fields.notifyOnAcknowledgement.default(defaultEscalation.notifyOnAcknowledgement),
  tags: fields.tags.default([]),
});

export const changeEscalationPolicySchema = z
  .strictObject({
    ...fields,
    /** That of the policy as it was read: the change is refused where somebody else was faster. */
    updatedAt: z.iso.datetime('"updatedAt" must be the value that you read.'),
  })
  .partial();

export type CreateEscalationPolicy = z.infer<typeof createEscalationPolicySchema>;
export type ChangeEscalationPolicy = z.infer<typeof changeEscalationPolicySchema>;
