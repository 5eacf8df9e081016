import type { MonitorDraft } from '../monitorDraft.ts';
import type { MonitorForm } from '../primitives/createMonitorForm.ts';
import { Field } from './Field.tsx';

type TextField = {
  [K in keyof MonitorDraft]: MonitorDraft[K] extends string ? (string extends MonitorDraft[K] ? K : never) : never;
}[keyof MonitorDraft];

/** One line of text of the draft; `path` is the API's name of the field where it differs. */
export const TextInput = (props: {
  form: MonitorForm;
  field: TextField;
  path?: string;
  label: string;
  hint?: string;
  optional?: boolean;
  decimal?: boolean;
}) => {
  const path = () => props.path ?? props.field;
  return (
    <Field label={props.label} hint={props.hint} optional={props.optional ?? false} error={props.form.error(path())}>
      {(control) => (
        <input
          {...control}
          type="text"
          inputmode={props.decimal ? 'decimal' : 'text'}
          autocomplete="off"
          spellcheck={false}
          value={props.form.draft[props.field]}
          onInput={(event) => props.form.set(props.field, event.currentTarget.value, path())}
          onBlur={() => props.form.leave(path())}
        />
      )}
    </Field>
  );
};
