import {
  type ChoosableEvent,
  defaultEscalation,
  type EscalationPolicy,
  type Target,
} from '../../../../worker/domain/escalation/escalationPolicy.ts';
import type { CreateEscalationPolicy } from '../../../../worker/domain/escalation/escalationPolicySchema.ts';
import { changeEscalationPolicySchema } from '../../../../worker/domain/escalation/escalationPolicySchema.ts';
import { issuesOf } from '../../lib/issues.ts';
import { numberOf } from '../../lib/number.ts';

/** A step as it stands in the form: the delay in minutes, as it is typed. */
export interface StepDraft {
  afterMinutes: string;
  targets: Target[];
}

export interface EscalationDraft {
  name: string;
  /** The default policy has none. */
  tags: string[];
  steps: StepDraft[];
  repeat: string;
  pauseMinutes: string;
  /** Empty: none. */
  remindEveryMinutes: string;
  events: ChoosableEvent[];
  notifyOnAcknowledgement: boolean;
}

/** With one step without recipients. */
export const emptyEscalation = (): EscalationDraft =>
  escalationDraftOf({ ...defaultEscalation, name: '', tags: [], steps: [{ afterSeconds: 0, targets: [] }] });

export const escalationDraftOf = (policy: EscalationPolicy & { name: string; tags: string[] }): EscalationDraft => ({
  name: policy.name,
  tags: [...policy.tags],
  steps: policy.steps.map(({ afterSeconds, targets }) => ({
    afterMinutes: minutesOf(afterSeconds),
    targets: targets.map((target) => ({ ...target })),
  })),
  repeat: String(policy.repeat),
  pauseMinutes: minutesOf(policy.pauseSeconds),
  remindEveryMinutes: policy.remindEveryMinutes === null ? '' : String(policy.remindEveryMinutes),
  events: [...policy.events],
  notifyOnAcknowledgement: policy.notifyOnAcknowledgement,
});

/** 10 seconds become 0.1667: the fewest digits that convert back to the same second. */
const minutesOf = (seconds: number) => String(Number((seconds / 60).toFixed(4)));

const secondsOf = (minutes: string) => Math.round(numberOf(minutes) * 60);

/** The policy of an escalation. */
export const escalationOf = (draft: EscalationDraft): EscalationPolicy => ({
  steps: draft.steps.map(({ afterMinutes, targets }) => ({
    afterSeconds: secondsOf(afterMinutes),
    targets: targets.map((target) => ({ ...target })),
  })),
  repeat: numberOf(draft.repeat),
  pauseSeconds: secondsOf(draft.pauseMinutes),
  remindEveryMinutes: draft.remindEveryMinutes.trim() === '' ? null : numberOf(draft.remindEveryMinutes),
  events: [...draft.events],
  notifyOnAcknowledgement: draft.notifyOnAcknowledgement,
});

/** In the form of the API. */
export const escalationInput = (draft: EscalationDraft): CreateEscalationPolicy => ({
  ...escalationOf(draft),
  name: draft.name.trim(),
  tags: [...draft.tags],
});

/**
 * A policy that has no steps already may stay without (`mayBeEmpty`), so that the rest of it can be changed.
 */
export const escalationProblems = (draft: EscalationDraft, mayBeEmpty: boolean): Record<string, string> => {
  const { steps, ...rest } = escalationInput(draft);
  const given = mayBeEmpty && steps.length === 0 ? rest : { ...rest, steps };
  const found = issuesOf(changeEscalationPolicySchema.safeParse(given));
  draft.steps.forEach(({ afterMinutes }, i) => {
    if (Number.isNaN(numberOf(afterMinutes)))
      found[`steps.${i}.afterSeconds`] = 'Enter the delay in minutes; 0 means at once.';
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
