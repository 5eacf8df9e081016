import Check from 'lucide-solid/icons/check';
import { createUniqueId, For, onMount, Show } from 'solid-js';
import type { ChannelView, PersonView } from '../../../../worker/contract/views.ts';
import { type CreatePerson, createPersonSchema } from '../../../../worker/domain/onCall/person.ts';
import { issuesOf } from '../../lib/issues.ts';
import { FieldNotes } from '../../ui/Field.tsx';
import { Form } from '../../ui/Form.tsx';
import { createForm } from '../../ui/primitives/createForm.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import { personKey } from './personKey.ts';

/** Adds a person, or changes one, in the place where they stand in the list. */
export default function PersonForm(props: {
  person: PersonView | null;
  channels: ChannelView[];
  /** `updatedAt` of the version that the change rests on. */
  save: (input: CreatePerson, updatedAt: string) => Promise<unknown>;
  onCancel: () => void;
}) {
  const id = createUniqueId();
  const { name = '', channelIds = [], updatedAt = '' } = props.person ?? {};
  const form = createForm({
    initial: { name, channelIds },
    draftKey: personKey(props.person),
    problems: (draft) => issuesOf(createPersonSchema.safeParse(draft)),
    input: (draft): CreatePerson => ({ name: draft.name.trim(), channelIds: [...draft.channelIds] }),
    save: (input: CreatePerson) => props.save(input, updatedAt),
  });
  let fields: HTMLDivElement | undefined;
  onMount(() => fields?.querySelector('input')?.focus());
  const isChosen = (channelId: string) => form.draft.channelIds.includes(channelId);
  const toggle = (channelId: string) =>
    form.change({
      channelIds: isChosen(channelId)
        ? form.draft.channelIds.filter((one) => one !== channelId)
        : [...form.draft.channelIds, channelId],
    });
  return (
    <Form
      form={form}
      class="person-form"
      button={props.person ? 'Save person' : 'Add person'}
      cancel={() => props.onCancel()}
    >
      <div ref={fields}>
        <TextInput form={form} field="name" label="Name" />
      </div>
      <fieldset class="field" aria-describedby={`${id}-hint`}>
        <legend>Notified through</legend>
        <div class="chips">
          <For each={props.channels}>
            {(channel) => (
              <button type="button" class="chip" aria-pressed={isChosen(channel.id)} onClick={() => toggle(channel.id)}>
                <Show when={isChosen(channel.id)}>
                  <Check size={16} aria-hidden="true" />
                </Show>
                {channel.name}
              </button>
            )}
          </For>
        </div>
        <FieldNotes
          id={id}
          error={form.error('channelIds')}
          hint={
            props.channels.length === 0
              ? 'No channels yet. Add one under Channels, then select it here.'
              : 'All selected channels are notified at once. Select channels that reach only this person.'
          }
        />
      </fieldset>
    </Form>
  );
}
