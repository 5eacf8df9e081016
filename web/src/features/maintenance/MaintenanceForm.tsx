import { Field } from '../../ui/Field.tsx';
import { Form } from '../../ui/Form.tsx';
import { createForm } from '../../ui/primitives/createForm.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import { TimeInput } from '../../ui/TimeInput.tsx';
import { TimeZoneField } from '../../ui/TimeZoneField.tsx';
import { CoverageFields } from './CoverageFields.tsx';
import { createPreview } from './createPreview.ts';
import { MaintenancePreview } from './MaintenancePreview.tsx';
import {
  type MaintenanceDraft,
  type MaintenanceInput,
  maintenanceInput,
  maintenanceProblems,
  withStart,
} from './maintenanceDraft.ts';
import { RecurrenceFields } from './RecurrenceFields.tsx';
import './maintenance.css';

/** Creates or changes a maintenance window, and shows what comes of it while it is filled in. */
export const MaintenanceForm = (props: {
  initial: MaintenanceDraft;
  draftKey: string;
  button: string;
  save: (input: MaintenanceInput) => Promise<unknown>;
}) => {
  const form = createForm({
    initial: props.initial,
    draftKey: props.draftKey,
    problems: maintenanceProblems,
    input: maintenanceInput,
    save: (input: MaintenanceInput) => props.save(input),
  });
  const preview = createPreview(form.draft);
  const error = (path: string) => form.error(path) ?? preview.field(path);

  return (
    <Form form={form} button={props.button} cancel="/maintenance">
      <TextInput
        form={form}
        field="title"
        label="Title"
        placeholder="Deploy database"
        hint="The title is public: status pages with one of these monitors show it."
      />
      <div class="field-row two">
        <Field label="Starts" error={error('startsAt')}>
          {(control) => (
            <TimeInput
              control={control}
              type="datetime-local"
              value={form.draft.startsAt}
              onInput={(startsAt) => form.change(withStart(form.plain(), startsAt))}
              onLeave={() => form.leave('startsAt')}
            />
          )}
        </Field>
        <Field label="Ends" error={error('endsAt')}>
          {(control) => (
            <TimeInput
              control={control}
              type="datetime-local"
              value={form.draft.endsAt}
              onInput={(endsAt) => form.change({ endsAt })}
              onLeave={() => form.leave('endsAt')}
            />
          )}
        </Field>
      </div>
      <TimeZoneField
        timeZone={form.draft.timeZone}
        error={error('timeZone')}
        onChange={(timeZone) => form.change({ timeZone })}
      />
      <RecurrenceFields draft={form.draft} error={error('rrule')} onChange={form.change} />
      <MaintenancePreview preview={preview} timeZone={form.draft.timeZone} />
      <CoverageFields draft={form.draft} error={error} onChange={form.change} />
    </Form>
  );
};
