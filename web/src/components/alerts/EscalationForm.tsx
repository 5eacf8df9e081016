import { createMemo, Show } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { ChannelView, EscalationPolicyView } from '../../../../worker/api/views.ts';
import type { EscalationPolicy, Target } from '../../../../worker/domain/escalation/policy.ts';
import { escalationText } from '../../alertWords.ts';
import { type EscalationDraft, escalationDraftOf, escalationInput, escalationProblems } from '../../escalationDraft.ts';
import { afterPress } from '../../primitives/afterPress.ts';
import { createAction } from '../../primitives/createAction.ts';
import { NumberField } from '../NumberField.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import { EscalationEvents } from './EscalationEvents.tsx';
import { EscalationSteps } from './EscalationSteps.tsx';
import '../../styles/form.css';

/** Changes an escalation policy, and says in a sentence what it comes to. */
export const EscalationForm = (props: {
  policy: EscalationPolicyView;
  channels: ChannelView[];
  onTouch: () => void;
  save: (change: EscalationPolicy) => Promise<unknown>;
}) => {
  const [draft, setDraft] = createStore(escalationDraftOf(props.policy));
  const [left, setLeft] = createStore<Record<string, boolean>>({});
  const problems = createMemo(() => escalationProblems(draft));
  const save = createAction((change: EscalationPolicy) => props.save(change));
  let element: HTMLFormElement | undefined;

  const error = (path: string) =>
    (left[path] || left.all ? problems()[path] : undefined) ?? save.problem()?.field(path);
  const leave = (path: string) => afterPress(() => setLeft(path, true));
  const change = (part: Partial<EscalationDraft>) => {
    save.dismiss();
    props.onTouch();
    setDraft(part);
  };
  const nameOf = (target: Target) => {
    if (target.type === 'onCall') return 'whoever is on call';
    if (target.type === 'person') return 'a person';
    return props.channels.find(({ id }) => id === target.id)?.name ?? 'a channel that is gone';
  };
  const sentence = createMemo(() =>
    Object.keys(problems()).length === 0
      ? escalationText(escalationInput(draft), nameOf)
      : `Not clear yet. ${Object.values(problems())[0]}`,
  );
  const focusFirstInvalid = () => element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    setLeft('all', true);
    if (Object.keys(problems()).length > 0) return focusFirstInvalid();
    await save.run(escalationInput(unwrap(draft)));
    if (save.problem()) focusFirstInvalid();
  };

  return (
    <form class="form panel" ref={element} onSubmit={onSubmit} noValidate>
      <p class="alert-preview" aria-live="polite" data-testid="escalation-text">
        {sentence()}
      </p>
      <EscalationSteps
        steps={draft.steps}
        channels={props.channels}
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
          {save.pending() ? 'Saving…' : 'Save policy'}
        </button>
      </div>
    </form>
  );
};
