import { A } from '@solidjs/router';
import { createMemo, For, Show } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { ChannelKindView } from '../../../../worker/api/views.ts';
import {
  type ChannelDraft,
  type ChannelInput,
  channelInput,
  channelProblems,
  type DraftValue,
  keptDraft,
} from '../../channelDraft.ts';
import { afterPress } from '../../primitives/afterPress.ts';
import { createAction } from '../../primitives/createAction.ts';
import { createDraft } from '../../primitives/createDraft.ts';
import type { QuietDraft } from '../../quietDraft.ts';
import { Field } from '../Field.tsx';
import { Notice } from '../Notice.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import { ChannelFieldInput } from './ChannelFieldInput.tsx';
import { QuietHoursFields } from './QuietHoursFields.tsx';
import '../../styles/form.css';

/** Creates or changes a channel; the fields are those that the API names for its kind. */
export const ChannelForm = (props: {
  kind: ChannelKindView;
  initial: ChannelDraft;
  /** By what is typed is found again after a reload, but for secrets. */
  draftKey: string;
  button: string;
  save: (input: ChannelInput) => Promise<unknown>;
}) => {
  const [kept, keep] = createDraft<ChannelDraft>(props.draftKey);
  const [draft, setDraft] = createStore<ChannelDraft>({
    name: kept()?.name ?? props.initial.name,
    settings: { ...props.initial.settings, ...kept()?.settings },
    // One that was kept by an earlier version has none.
    quiet: kept()?.quiet ?? props.initial.quiet,
  });
  const [left, setLeft] = createStore<Record<string, boolean>>({});
  const problems = createMemo(() => channelProblems(props.kind, draft));
  const save = createAction(async (input: ChannelInput) => {
    await props.save(input);
    keep(null);
  });
  let element: HTMLFormElement | undefined;

  const refused = (path: string) => {
    const fields = save.problem()?.fields ?? [];
    // Of a list the API names the item.
    return (
      fields.find((one) => one.path === path) ?? fields.find((one) => /^\d+$/.test(one.path.replace(`${path}.`, '')))
    )?.message;
  };
  const error = (path: string) => (left[path] || left.all ? problems()[path] : undefined) ?? refused(path);
  const leave = (path: string) => afterPress(() => setLeft(path, true));
  const changed = () => {
    save.dismiss();
    keep(keptDraft(props.kind, unwrap(draft)));
  };
  const change = (name: string, value: DraftValue) => {
    setDraft('settings', name, value);
    changed();
  };
  const changeQuiet = (part: Partial<QuietDraft>) => {
    setDraft('quiet', part);
    changed();
  };
  const focusFirstInvalid = () => element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    setLeft('all', true);
    if (Object.keys(problems()).length > 0) return focusFirstInvalid();
    await save.run(channelInput(props.kind, unwrap(draft)));
    if (save.problem()) focusFirstInvalid();
  };

  return (
    <form class="form panel" ref={element} onSubmit={onSubmit} noValidate>
      <p class="caption">{props.kind.help}</p>
      <Show when={props.kind.missing}>{(missing) => <Notice>{missing()}</Notice>}</Show>
      <Field label="Name" error={error('name')} hint="As your team calls it, such as #ops.">
        {(control) => (
          <input
            {...control}
            type="text"
            autocomplete="off"
            value={draft.name}
            onInput={(event) => {
              setDraft('name', event.currentTarget.value);
              changed();
            }}
            onBlur={() => leave('name')}
          />
        )}
      </Field>
      <For each={props.kind.fields}>
        {(field) => (
          <ChannelFieldInput
            field={field}
            value={draft.settings[field.name] ?? ''}
            error={error}
            onChange={(value) => change(field.name, value)}
            onLeave={() => leave(`settings.${field.name}`)}
          />
        )}
      </For>
      <QuietHoursFields draft={draft.quiet} error={error} onChange={changeQuiet} />
      <Show when={save.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={save.pending()}>
          {save.pending() ? 'Saving…' : props.button}
        </button>
        <A href="/alerts" class="button" onClick={() => keep(null)}>
          Cancel
        </A>
      </div>
    </form>
  );
};
