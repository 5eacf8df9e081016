import { A } from '@solidjs/router';
import { createMemo, Show } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import {
  type MaintenanceDraft,
  type MaintenanceInput,
  maintenanceInput,
  maintenanceProblems,
  withStart,
} from '../../maintenanceDraft.ts';
import { afterPress } from '../../primitives/afterPress.ts';
import { createAction } from '../../primitives/createAction.ts';
import { createPreview } from '../../primitives/createPreview.ts';
import { Field } from '../Field.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import { TimeZoneField } from '../TimeZoneField.tsx';
import { CoverageFields } from './CoverageFields.tsx';
import { MaintenancePreview } from './MaintenancePreview.tsx';
import { RecurrenceFields } from './RecurrenceFields.tsx';
import '../../styles/form.css';
import '../../styles/maintenance.css';

/** Creates or changes a maintenance window, and shows what comes of it while it is filled in. */
export const MaintenanceForm = (props: {
  initial: MaintenanceDraft;
  button: string;
  save: (input: MaintenanceInput) => Promise<unknown>;
}) => {
  const [draft, setDraft] = createStore(props.initial);
  const [left, setLeft] = createStore<Record<string, boolean>>({});
  const problems = createMemo(() => maintenanceProblems(draft));
  const preview = createPreview(draft);
  const save = createAction((input: MaintenanceInput) => props.save(input));
  const error = (path: string) =>
    (left[path] || left.all ? problems()[path] : undefined) ?? save.problem()?.field(path) ?? preview.field(path);
  let element: HTMLFormElement | undefined;

  const change = (part: Partial<MaintenanceDraft>) => {
    save.dismiss();
    setDraft(part);
  };
  const leave = (path: string) => afterPress(() => setLeft(path, true));
  const focusFirstInvalid = () => element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    setLeft('all', true);
    if (Object.keys(problems()).length > 0) return focusFirstInvalid();
    await save.run(maintenanceInput(unwrap(draft)));
    if (save.problem()) focusFirstInvalid();
  };

  return (
    <form class="form panel" ref={element} onSubmit={onSubmit} noValidate>
      <Field
        label="Title"
        error={error('title')}
        hint="It is public: status pages that show one of these monitors announce the window by its title."
      >
        {(control) => (
          <input
            {...control}
            type="text"
            autocomplete="off"
            placeholder="Deploy database"
            value={draft.title}
            onInput={(event) => change({ title: event.currentTarget.value })}
            onBlur={() => leave('title')}
          />
        )}
      </Field>
      <div class="field-row two">
        <Field label="Starts" error={error('startsAt')}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={draft.startsAt}
              onInput={(event) => change(withStart(unwrap(draft), event.currentTarget.value))}
              onBlur={() => leave('startsAt')}
            />
          )}
        </Field>
        <Field label="Ends" error={error('endsAt')}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={draft.endsAt}
              onInput={(event) => change({ endsAt: event.currentTarget.value })}
              onBlur={() => leave('endsAt')}
            />
          )}
        </Field>
      </div>
      <TimeZoneField
        timeZone={draft.timeZone}
        error={error('timeZone')}
        onChange={(timeZone) => change({ timeZone })}
      />
      <RecurrenceFields draft={draft} error={error('rrule')} onChange={change} />
      <MaintenancePreview preview={preview} timeZone={draft.timeZone} />
      <CoverageFields draft={draft} error={error} onChange={change} />
      <Show when={save.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={save.pending()}>
          {save.pending() ? 'Saving…' : props.button}
        </button>
        <A href="/maintenance" class="button">
          Cancel
        </A>
      </div>
    </form>
  );
};
