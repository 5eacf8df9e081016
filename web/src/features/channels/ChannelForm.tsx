import { For, Show } from 'solid-js';
import type { ChannelKindView } from '../../../../worker/contract/views.ts';
import { Form } from '../../ui/Form.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { createForm } from '../../ui/primitives/createForm.ts';
import { SettingInput } from '../../ui/SettingInput.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import {
  type ChannelDraft,
  type ChannelInput,
  channelInput,
  channelProblems,
  completeDraft,
  keptDraft,
} from './channelDraft.ts';
import { QuietHoursFields } from './QuietHoursFields.tsx';

/** Creates or changes a channel; the API defines the fields of each kind. */
export const ChannelForm = (props: {
  kind: ChannelKindView;
  initial: ChannelDraft;
  /** The key that restores the draft after a reload, without secrets. */
  draftKey: string;
  button: string;
  save: (input: ChannelInput) => Promise<unknown>;
}) => {
  const form = createForm({
    initial: props.initial,
    draftKey: props.draftKey,
    keepable: (draft) => keptDraft(props.kind, draft),
    complete: completeDraft,
    problems: (draft) => channelProblems(props.kind, draft),
    input: (draft) => channelInput(props.kind, draft),
    save: (input: ChannelInput) => props.save(input),
  });

  return (
    <Form form={form} button={props.button} cancel="/alerts">
      <p class="caption">{props.kind.help}</p>
      <Show when={props.kind.missing}>{(missing) => <Notice>{missing()}</Notice>}</Show>
      <TextInput form={form} field="name" label="Name" hint="A name that your team recognizes, such as #ops." />
      <For each={props.kind.fields}>
        {(field) => (
          <SettingInput
            field={field}
            value={form.draft.settings[field.name] ?? ''}
            error={form.error}
            onChange={(value) => form.change({ settings: { ...form.draft.settings, [field.name]: value } })}
            onLeave={() => form.leave(`settings.${field.name}`)}
          />
        )}
      </For>
      <QuietHoursFields
        draft={form.draft.quiet}
        error={form.error}
        onChange={(part) => form.change({ quiet: { ...form.draft.quiet, ...part } })}
      />
    </Form>
  );
};
