import ChevronRight from 'lucide-solid/icons/chevron-right';
import { For, Show } from 'solid-js';
import { definitionOf } from '../../../../worker/checks/kinds/kind.ts';
import type { FormField } from '../../../../worker/domain/fields/form.ts';
import { Field } from '../../ui/Field.tsx';
import type { FieldsOf } from '../../ui/primitives/createForm.ts';
import { SettingInput } from '../../ui/SettingInput.tsx';
import { TagInput } from '../../ui/TagInput.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { DependencyPicker } from './DependencyPicker.tsx';
import { EscalationPolicyField } from './EscalationPolicyField.tsx';
import { inputOf, type MonitorDraft, settingFields } from './monitorDraft.ts';
import { WhenToAlert } from './WhenToAlert.tsx';

/** Settings of the kind; short ones stand in a row. */
const SettingGroup = (props: { form: FieldsOf<MonitorDraft>; names: readonly string[]; withTimeout: boolean }) => {
  const fields = () => {
    const { form } = definitionOf(props.form.draft.kind);
    const settings = inputOf(props.form.draft).settings;
    return settingFields(props.form.draft.kind).filter(
      ({ name }) => props.names.includes(name) && form.isShown?.(name, settings) !== false,
    );
  };
  const isShort = ({ type }: FormField) => type === 'number' || type === 'choice';
  const short = () => fields().filter(isShort);
  const input = (field: FormField) => (
    <SettingInput
      field={field}
      value={props.form.draft.settings[field.name] ?? ''}
      error={props.form.error}
      onChange={(value) => props.form.change({ settings: { ...props.form.draft.settings, [field.name]: value } })}
      onLeave={() => props.form.leave(`settings.${field.name}`)}
    />
  );
  return (
    <>
      <Show when={props.withTimeout || short().length > 0}>
        <div class="field-row">
          <For each={short()}>{input}</For>
          <Show when={props.withTimeout}>
            <TextInput form={props.form} field="timeoutSeconds" path="timeoutMs" label="Timeout (seconds)" decimal />
          </Show>
        </div>
      </Show>
      <For each={fields().filter((field) => !isShort(field))}>{input}</For>
    </>
  );
};

/** The settings that most monitors never need: those of the kind, notifications, tags. */
export const AdvancedFields = (props: { form: FieldsOf<MonitorDraft>; monitorId: string | undefined }) => (
  <details class="advanced">
    <summary>
      <ChevronRight size={18} aria-hidden="true" />
      Advanced
    </summary>
    <For each={definitionOf(props.form.draft.kind).form.groups}>
      {(group, index) => (
        <div class="form-group">
          <h2>{group.title}</h2>
          <SettingGroup form={props.form} names={group.fields} withTimeout={index() === 0} />
        </div>
      )}
    </For>
    <div class="form-group">
      <h2>Response time</h2>
      <TextInput
        form={props.form}
        field="degradedAboveMs"
        label="Degraded above (milliseconds)"
        hint="Slower responses count as degraded. Empty: no limit."
        optional
        decimal
      />
      <TextInput
        form={props.form}
        field="degradedConfirmations"
        label="Slow checks before a region is degraded"
        hint="1 to 8 in a row. The same number of fast checks ends the degradation."
        decimal
      />
    </div>
    <WhenToAlert form={props.form} />
    <EscalationPolicyField form={props.form} />
    <div class="form-group">
      <Field label="Tags" optional error={props.form.error('tags')} hint="Press comma or Enter to add a tag.">
        {(control) => (
          <TagInput
            control={control}
            tags={props.form.draft.tags}
            onChange={(tags) => {
              props.form.change({ tags });
              props.form.leave('tags');
            }}
          />
        )}
      </Field>
      <DependencyPicker
        self={props.monitorId}
        chosen={props.form.draft.dependsOn}
        error={props.form.error('dependsOn')}
        onChange={(ids) => {
          props.form.change({ dependsOn: ids });
          props.form.leave('dependsOn');
        }}
      />
    </div>
  </details>
);
