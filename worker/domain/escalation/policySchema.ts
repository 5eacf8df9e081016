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
} from './policy.ts';

const maxDelaySeconds = 86_400;
const maxRepeat = 20;
const minPauseSeconds = 60;
const maxReminderMinutes = 10_080;

const target = z.strictObject(
  {
    type: z.enum(targetTypes, 'A target is a "channel", a "person" or an on-call schedule ("onCall").'),
    id: z.string('Give the id of the target.').min(1, 'Give the id of the target.').max(64, 'This is no id.'),
  },
  'A target is an object such as {"type": "channel", "id": "…"}.',
);

const step = z.strictObject({
  afterSeconds: z
    .int('The delay is a whole number of seconds.')
    .min(0, 'A delay cannot be negative.')
    .max(maxDelaySeconds, 'A delay is at most 86,400 seconds (24 hours).'),
  targets: z.array(target, 'Give the targets of the step as a list.').transform(uniqueTargets),
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
        `Step ${i + 1} comes after ${seconds(afterSeconds)}, but step ${i} before it after ${seconds(before.afterSeconds)}. All delays count from the beginning, so they cannot go backwards.`,
      );
    if (targets.length === 0)
      complain(
        'targets',
        `Step ${i + 1} tells nobody. Give it a channel, a person or an on-call schedule, or remove it.`,
      );
    if (targets.length > maxTargetsPerStep)
      complain('targets', `Step ${i + 1} has ${targets.length} targets; at most ${maxTargetsPerStep} are possible.`);
  });
};

const seconds = (count: number) => `${count.toLocaleString('en')} seconds`;

const fields = {
  name: nameField('policy'),
  steps: z
    .array(step, 'Give the steps as a list.')
    .min(1, 'A policy without steps tells nobody. Give at least one.')
    .max(maxSteps, `At most ${maxSteps} steps.`)
    .superRefine(checkSteps),
  repeat: z
    .int('The number of repetitions is a whole number.')
    .min(0, 'The number of repetitions cannot be negative; 0 is none.')
    .max(maxRepeat, `At most ${maxRepeat} repetitions.`),
  pauseSeconds: z
    .int('The pause is a whole number of seconds.')
    .min(minPauseSeconds, `The pause is at least ${minPauseSeconds} seconds.`)
    .max(maxDelaySeconds, 'The pause is at most 86,400 seconds (24 hours).'),
  remindEveryMinutes: z
    .int('The time between reminders is a whole number of minutes, or null for none.')
    .min(1, 'Reminders are at least 1 minute apart.')
    .max(maxReminderMinutes, 'Reminders are at most 10,080 minutes (7 days) apart.')
    .nullable(),
  events: z
    .array(z.enum(choosableEvents, `An event is one of ${choosableEvents.join(', ')}.`), 'Give the events as a list.')
    .min(1, 'Choose at least one event.')
    .transform((chosen) => choosableEvents.filter((event) => chosen.includes(event))),
  notifyOnAcknowledgement: z.boolean('Whether an acknowledgement is told is true or false.'),
  /** Monitors with one of these go by it, unless another policy was chosen for them. */
  tags: z.array(tagField, 'Give the tags as a list.').max(20, 'At most 20 tags.').transform(distinct),
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
    updatedAt: z.iso.datetime('Give "updatedAt" as it was read.'),
  })
  .partial();

export type CreateEscalationPolicy = z.infer<typeof createEscalationPolicySchema>;
export type ChangeEscalationPolicy = z.infer<typeof changeEscalationPolicySchema>;
