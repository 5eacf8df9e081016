import { createSignal } from 'solid-js';
import type { StatusPageInput } from '../../app/cache/api.ts';
import { slugOf } from '../../lib/slug.ts';
import { Field } from '../../ui/Field.tsx';
import { Form } from '../../ui/Form.tsx';
import { createForm } from '../../ui/primitives/createForm.ts';
import { TextField } from '../../ui/TextField.tsx';
import { createMonitorChoice } from '../monitors/createMonitorChoice.ts';
import { ComponentPicker } from './ComponentPicker.tsx';
import { type StatusPageDraft, statusPageInput, statusPageProblems } from './statusPageDraft.ts';

/** Creates or changes a status page. While the address was not typed, it follows the name. */
export const StatusPageForm = (props: {
  initial: StatusPageDraft;
  draftKey: string;
  button: string;
  save: (input: StatusPageInput) => Promise<unknown>;
}) => {
  const form = createForm({
    initial: props.initial,
    draftKey: props.draftKey,
    problems: statusPageProblems,
    input: statusPageInput,
    save: (input: StatusPageInput) => props.save(input),
  });
  const [slugTyped, setSlugTyped] = createSignal(
    props.initial.slug !== '' || form.draft.slug !== slugOf(form.draft.name),
  );
  const choice = createMonitorChoice(() => form.draft.monitorIds);

  return (
    <Form form={form} button={props.button} cancel="/status-pages">
      <TextField
        label="Name"
        hint="The page heading."
        value={form.draft.name}
        error={form.error('name')}
        onInput={(name) => form.change(slugTyped() ? { name } : { name, slug: slugOf(name) })}
        onLeave={() => form.leave('name')}
      />
      <Field label="Address" error={form.error('slug')} hint={`${location.origin}/status/${form.draft.slug || '…'}`}>
        {(control) => (
          <input
            {...control}
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={form.draft.slug}
            onInput={(event) => {
              setSlugTyped(true);
              form.change({ slug: event.currentTarget.value });
            }}
            onBlur={() => form.leave('slug')}
          />
        )}
      </Field>
      <ComponentPicker
        choice={choice}
        chosen={form.draft.monitorIds}
        publicNames={form.draft.publicNames}
        error={form.error('monitorIds')}
        nameError={(id) => form.error(`publicNames.${id}`)}
        onChoose={(monitorIds) => form.change({ monitorIds })}
        onName={(id, name) => {
          form.change({ publicNames: { ...form.draft.publicNames, [id]: name } });
          form.leave(`publicNames.${id}`);
        }}
      />
    </Form>
  );
};
