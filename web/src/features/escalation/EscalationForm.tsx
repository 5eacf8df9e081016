import { createMemo, Show } from 'solid-js';
import type { ChannelView, EscalationPolicyView } from '../../../../worker/contract/views.ts';
import type {
  ChangeEscalationPolicy,
  CreateEscalationPolicy,
} from '../../../../worker/domain/escalation/escalationPolicySchema.ts';
import { Form } from '../../ui/Form.tsx';
import { createForm } from '../../ui/primitives/createForm.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import { escalationText } from './alertLabels.ts';
import { createTargets } from './createTargets.ts';
import { EscalationEvents } from './EscalationEvents.tsx';
import { EscalationSteps } from './EscalationSteps.tsx';
import {
  type EscalationDraft,
  emptyEscalation,
  escalationDraftOf,
  escalationInput,
  escalationOf,
  escalationProblems,
} from './escalationDraft.ts';
import { PolicyTags } from './PolicyTags.tsx';

type Input = ChangeEscalationPolicy & CreateEscalationPolicy;

/** Creates or changes an escalation policy, and summarises it in a sentence. */
export const EscalationForm = (props: {
  /** The policy that is changed; none where it is new. */
  policy?: EscalationPolicyView;
  /** The key that restores the draft after a reload. */
  draftKey: string;
  policies: EscalationPolicyView[];
  channels: ChannelView[];
  /** Something was typed, now or before a reload. */
  onTouch?: () => void;
  save: (input: Input) => Promise<unknown>;
}) => {
  const { known, nameOf } = createTargets(() => props.channels);
  /** Steps that are still missing may stay so. */
  const isEmpty = (draft: EscalationDraft) => props.policy?.steps.length === 0 && draft.steps.length === 0;
  const form = createForm({
    initial: props.policy ? escalationDraftOf(props.policy) : emptyEscalation(),
    draftKey: () => props.draftKey,
    problems: (draft) => escalationProblems(draft, isEmpty(draft)),
    // They are left as they are, and so are the tags of the default, which takes none.
    input: (draft) => {
      const { steps, tags, ...input } = escalationInput(draft);
      return { ...input, ...(!isEmpty(draft) && { steps }), ...(!props.policy?.isDefault && { tags }) } as Input;
    },
    save: (input: Input) => props.save(input),
    onTouch: () => props.onTouch?.(),
  });
  const sentence = createMemo(() => {
    const problem = form.firstProblem();
    return problem ? `Incomplete. ${problem}` : escalationText(escalationOf(form.draft), nameOf);
  });

  return (
    <Form
      form={form}
      button={props.policy ? 'Save policy' : 'Create policy'}
      cancel="/alerts/policy"
      cancelText="All policies"
    >
      <p class="alert-preview" aria-live="polite" data-testid="escalation-text">
        {sentence()}
      </p>
      <TextInput form={form} field="name" label="Name" placeholder="Payments" />
      <Show when={!props.policy?.isDefault}>
        <PolicyTags
          policy={props.policy}
          policies={props.policies}
          tags={form.draft.tags}
          error={form.error('tags')}
          onChange={(tags) => form.change({ tags })}
        />
      </Show>
      <EscalationSteps
        steps={form.draft.steps}
        known={known()}
        nameOf={nameOf}
        error={form.error}
        onChange={(steps) => form.change({ steps })}
        onLeave={form.leave}
      />
      <div class="field-row two">
        <TextInput
          form={form}
          field="repeat"
          label="Repeat all steps"
          hint="0 to 20 times, until the incident is acknowledged. With 0, each step runs once."
          decimal
        />
        <TextInput
          form={form}
          field="pauseMinutes"
          path="pauseSeconds"
          label="Minutes between rounds"
          hint="1 to 1,440. From the last step to the first step of the next round."
          decimal
        />
        <TextInput
          form={form}
          field="remindEveryMinutes"
          label="Minutes between reminders"
          hint="While the monitor is down and the incident is not acknowledged. Empty: no reminders."
          optional
          decimal
        />
      </div>
      <EscalationEvents
        chosen={form.draft.events}
        notifyOnAcknowledgement={form.draft.notifyOnAcknowledgement}
        error={form.error('events')}
        onChange={form.change}
      />
    </Form>
  );
};
