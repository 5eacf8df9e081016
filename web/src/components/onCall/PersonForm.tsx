import Check from 'lucide-solid/icons/check';
import { createUniqueId, For, onMount, Show } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { ChannelView, PersonView } from '../../../../worker/api/views.ts';
import type { CreatePerson } from '../../../../worker/domain/person.ts';
import { createAction } from '../../primitives/createAction.ts';
import { Field, FieldNotes } from '../Field.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import '../../styles/form.css';

/** What is typed, and of whom: it is not brought back over what somebody else has changed. */
export type PersonDraft = CreatePerson & { version: string };

/** Empty for somebody who is being added. */
export const versionOf = (person: PersonView | null) => (person ? `${person.id}:${person.updatedAt}` : '');

/** Adds a person, or changes one, in the place where they stand in the list. */
export const PersonForm = (props: {
  person: PersonView | null;
  channels: ChannelView[];
  kept: PersonDraft | null;
  keep: (draft: PersonDraft) => void;
  save: (input: CreatePerson) => Promise<unknown>;
  onCancel: () => void;
}) => {
  const id = createUniqueId();
  const version = versionOf(props.person);
  const { name = '', channelIds = [] } = (props.kept?.version === version ? props.kept : props.person) ?? {};
  const [draft, setDraft] = createStore<CreatePerson>({ name, channelIds: [...channelIds] });
  const save = createAction((input: CreatePerson) => props.save(input));
  let element: HTMLFormElement | undefined;
  onMount(() => element?.querySelector('input')?.focus());
  const change = (part: Partial<CreatePerson>) => {
    save.dismiss();
    setDraft(part);
    props.keep({ ...unwrap(draft), version });
  };
  const toggle = (channelId: string) =>
    change({
      channelIds: draft.channelIds.includes(channelId)
        ? draft.channelIds.filter((one) => one !== channelId)
        : [...draft.channelIds, channelId],
    });
  const channelError = () => save.problem()?.fields.find(({ path }) => path.startsWith('channelIds'))?.message;
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    await save.run({ name: draft.name, channelIds: [...unwrap(draft).channelIds] });
    if (save.problem()) element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  return (
    <form class="form person-form" ref={element} onSubmit={onSubmit} noValidate>
      <Field label="Name" error={save.problem()?.field('name')}>
        {(control) => (
          <input
            {...control}
            type="text"
            autocomplete="off"
            value={draft.name}
            onInput={(event) => change({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <fieldset class="field" aria-describedby={`${id}-hint`}>
        <legend>Is told through</legend>
        <div class="chips">
          <For each={props.channels}>
            {(channel) => (
              <button
                type="button"
                class="chip"
                aria-pressed={draft.channelIds.includes(channel.id)}
                onClick={() => toggle(channel.id)}
              >
                <Show when={draft.channelIds.includes(channel.id)}>
                  <Check size={16} aria-hidden="true" />
                </Show>
                {channel.name}
              </button>
            )}
          </For>
        </div>
        <FieldNotes
          id={id}
          error={channelError()}
          hint={
            props.channels.length === 0
              ? 'There is no channel yet. Add one under Channels, and choose it here.'
              : 'All that are chosen are told at once. Best are channels that reach nobody else.'
          }
        />
      </fieldset>
      <Show when={save.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={save.pending()}>
          {save.pending() ? 'Saving…' : props.person ? 'Save person' : 'Add person'}
        </button>
        <button type="button" class="button" onClick={() => props.onCancel()}>
          Cancel
        </button>
      </div>
    </form>
  );
};
