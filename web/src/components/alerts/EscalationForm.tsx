import { A } from '@solidjs/router';
import { createMemo, Show } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { ChannelView, EscalationPolicyView } from '../../../../worker/api/views.ts';
import type { ChangeEscalationPolicy, CreateEscalationPolicy } from '../../../../worker/domain/escalation/policy.ts';
import { escalationText } from '../../alertWords.ts';
import {
  type EscalationDraft,
  emptyEscalation,
  escalationDraftOf,
  escalationInput,
  escalationOf,
  escalationProblems,
} from '../../escalationDraft.ts';
import { afterPress } from '../../primitives/afterPress.ts';
import { createAction } from '../../primitives/createAction.ts';
import { createDraft } from '../../primitives/createDraft.ts';
import { createTargets } from '../../primitives/createTargets.ts';
import { Field } from '../Field.tsx';
import { NumberField } from '../NumberField.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import { EscalationEvents } from './EscalationEvents.tsx';
import { EscalationSteps } from './EscalationSteps.tsx';
import { PolicyTags } from './PolicyTags.tsx';
import '../../styles/form.css';

/** What is typed is not brought back over what somebody else has changed since. */
interface Kept {
  version: string | undefined;
  typed: EscalationDraft;
}

/** Creates or changes an escalation policy, and says in a sentence what it comes to. */
export const EscalationForm = (props: {
  /** The policy that is changed; none where it is new. */
  policy?: EscalationPolicyView;
  /** By what is typed is found again after a reload. */
  draftKey: string;
  /** `updatedAt` of the policy that is known to whoever types. */
  version?: string;
  policies: EscalationPolicyView[];
  channels: ChannelView[];
  onTouch?: () => void;
  save: (change: ChangeEscalationPolicy & CreateEscalationPolicy) => Promise<unknown>;
}) => {
  const [kept, keep] = createDraft<Kept>(props.draftKey);
  const again = kept()?.version === props.version ? kept()?.typed : undefined;
  if (again) props.onTouch?.();
  const [draft, setDraft] = createStore(again ?? (props.policy ? escalationDraftOf(props.policy) : emptyEscalation()));
  const [left, setLeft] = createStore<Record<string, boolean>>({});
  const { known, nameOf } = createTargets(() => props.channels);
  const isEmpty = () => props.policy?.steps.length === 0 && draft.steps.length === 0;
  const problems = createMemo(() => escalationProblems(draft, isEmpty()));
  const save = createAction(async (change: Parameters<typeof props.save>[0]) => {
    await props.save(change);
    keep(null);
  });
  let element: HTMLFormElement | undefined;

  const error = (path: string) =>
    (left[path] || left.all ? problems()[path] : undefined) ?? save.problem()?.field(path);
  const leave = (path: string) => afterPress(() => setLeft(path, true));
  const change = (part: Partial<EscalationDraft>) => {
    save.dismiss();
    props.onTouch?.();
    setDraft(part);
    keep({ version: props.version, typed: unwrap(draft) });
  };
  const sentence = createMemo(() =>
    Object.keys(problems()).length === 0
      ? escalationText(escalationOf(draft), nameOf)
      : `Not clear yet. ${Object.values(problems())[0]}`,
  );
  const focusFirstInvalid = () => element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  /** Steps that are still missing are left as they are, and so are the tags of the default, which takes none. */
  const inputOf = (typed: EscalationDraft) => {
    const { steps, tags, ...input } = escalationInput(typed);
    const given = { ...input, ...(!isEmpty() && { steps }), ...(!props.policy?.isDefault && { tags }) };
    return given as Parameters<typeof props.save>[0];
  };
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    setLeft('all', true);
    if (Object.keys(problems()).length > 0) return focusFirstInvalid();
    await save.run(inputOf(unwrap(draft)));
    if (save.problem()) focusFirstInvalid();
  };

  return (
    <form class="form panel" ref={element} onSubmit={onSubmit} noValidate>
      <p class="alert-preview" aria-live="polite" data-testid="escalation-text">
        {sentence()}
      </p>
      <Field label="Name" error={error('name')}>
        {(control) => (
          <input
            {...control}
            type="text"
            autocomplete="off"
            placeholder="Payments"
            value={draft.name}
            onInput={(event) => change({ name: event.currentTarget.value })}
            onBlur={() => leave('name')}
          />
        )}
      </Field>
      <Show when={!props.policy?.isDefault}>
        <PolicyTags
          policy={props.policy}
          policies={props.policies}
          tags={draft.tags}
          error={error('tags')}
          onChange={(tags) => change({ tags })}
        />
      </Show>
      <EscalationSteps
        steps={draft.steps}
        known={known()}
        nameOf={nameOf}
        error={error}
        onChange={(steps) => change({ steps })}
        onLeave={leave}
      />
      <div class="field-row two">
        <NumberField
          label="Repeat all steps"
          hint="0 to 20 times, until somebody acknowledges. 0: each step once."
          value={draft.repeat}
          error={error('repeat')}
          onInput={(repeat) => change({ repeat })}
          onLeave={() => leave('repeat')}
        />
        <NumberField
          label="Minutes between rounds"
          hint="1 to 1,440. From the last step to the first one of the next round."
          value={draft.pauseMinutes}
          error={error('pauseSeconds')}
          onInput={(pauseMinutes) => change({ pauseMinutes })}
          onLeave={() => leave('pauseSeconds')}
        />
        <NumberField
          label="Minutes between reminders"
          hint="While it is down and nobody has acknowledged. Empty: none."
          optional
          value={draft.remindEveryMinutes}
          error={error('remindEveryMinutes')}
          onInput={(remindEveryMinutes) => change({ remindEveryMinutes })}
          onLeave={() => leave('remindEveryMinutes')}
        />
      </div>
      <EscalationEvents
        chosen={draft.events}
        tellAcknowledgement={draft.tellAcknowledgement}
        error={error('events')}
        onChange={change}
      />
      <Show when={save.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={save.pending()}>
          {save.pending() ? 'Saving…' : props.policy ? 'Save policy' : 'Create policy'}
        </button>
        <A href="/alerts/policy" class="button" onClick={() => keep(null)}>
          All policies
        </A>
      </div>
    </form>
  );
};
