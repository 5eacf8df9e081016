import type { EscalationPolicyView } from '../../worker/api/views.ts';
import {
  type ChoosableEvent,
  changeEscalationPolicySchema,
  type EscalationPolicy,
  type Target,
} from '../../worker/domain/escalation/policy.ts';
import { numberOf } from './number.ts';

/** A step as it stands in the form: the delay in minutes, as it is typed. */
export interface StepDraft {
  afterMinutes: string;
  targets: Target[];
}

export interface EscalationDraft {
  steps: StepDraft[];
  repeat: string;
  pauseMinutes: string;
  /** Empty: none. */
  remindEveryMinutes: string;
  events: ChoosableEvent[];
  tellAcknowledgement: boolean;
}

export const escalationDraftOf = (policy: EscalationPolicyView): EscalationDraft => ({
  steps: policy.steps.map(({ afterSeconds, targets }) => ({
    afterMinutes: String(afterSeconds / 60),
    targets: targets.map((target) => ({ ...target })),
  })),
  repeat: String(policy.repeat),
  pauseMinutes: String(policy.pauseSeconds / 60),
  remindEveryMinutes: policy.remindEveryMinutes === null ? '' : String(policy.remindEveryMinutes),
  events: [...policy.events],
  tellAcknowledgement: policy.tellAcknowledgement,
});

const secondsOf = (minutes: string) => Math.round(numberOf(minutes) * 60);

export const escalationInput = (draft: EscalationDraft): EscalationPolicy => ({
  steps: draft.steps.map(({ afterMinutes, targets }) => ({
    afterSeconds: secondsOf(afterMinutes),
    targets: targets.map((target) => ({ ...target })),
  })),
  repeat: numberOf(draft.repeat),
  pauseSeconds: secondsOf(draft.pauseMinutes),
  remindEveryMinutes: draft.remindEveryMinutes.trim() === '' ? null : numberOf(draft.remindEveryMinutes),
  events: [...draft.events],
  tellAcknowledgement: draft.tellAcknowledgement,
});

/** What is wrong, by field (`steps.1.afterSeconds`), in the words of the schema that the API uses too. */
export const escalationProblems = (draft: EscalationDraft): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const issue of changeEscalationPolicySchema.safeParse(escalationInput(draft)).error?.issues ?? [])
    found[issue.path.join('.')] ??= issue.message;
  draft.steps.forEach(({ afterMinutes }, i) => {
    if (Number.isNaN(numberOf(afterMinutes)))
      found[`steps.${i}.afterSeconds`] = 'Enter the delay in minutes; 0 is at once.';
  });
  return found;
};

/** Two steps change places; the delays stay where they are, so that they go on ascending. */
export const moveStep = (steps: readonly StepDraft[], index: number, by: number): StepDraft[] => {
  const moved = steps[index];
  const other = steps[index + by];
  if (!moved || !other) return [...steps];
  return steps.map((step, i) => {
    if (i === index) return { ...other, afterMinutes: step.afterMinutes };
    return i === index + by ? { ...moved, afterMinutes: step.afterMinutes } : step;
  });
};
