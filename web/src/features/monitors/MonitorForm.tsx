import { createMemo, For } from 'solid-js';
import { definitionOf } from '../../../../worker/checks/kinds/kind.ts';
import type { CreateMonitorInput } from '../../../../worker/contract/monitorInput.ts';
import type { MonitorDetailView } from '../../../../worker/contract/views.ts';
import { intervalsSeconds } from '../../../../worker/domain/checks/schedule.ts';

import { useQuery } from '../../app/cache/query.ts';
import { everyText } from '../../lib/format.ts';
import { Field } from '../../ui/Field.tsx';
import { Form } from '../../ui/Form.tsx';
import { createForm, type FieldsOf } from '../../ui/primitives/createForm.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import { regionsQuery } from '../verdicts/regionQueries.ts';
import { AlertPreview } from './AlertPreview.tsx';
import { AdvancedFields } from './MonitorFormAdvanced.tsx';
import {
  completeMonitor,
  hostHint,
  inputOf,
  keptMonitor,
  type MonitorDraft,
  problemsOf,
  settingFields,
  withSuggestion,
} from './monitorDraft.ts';
import { RegionChoice } from './RegionChoice.tsx';

/** The target: most monitors need nothing else. */
const FirstField = (props: { form: FieldsOf<MonitorDraft>; hint: string | undefined }) => {
  const name = () => definitionOf(props.form.draft.kind).form.first;
  const field = () => settingFields(props.form.draft.kind).find((one) => one.name === name());
  const path = () => `settings.${name()}`;
  const typed = () => String(props.form.draft.settings[name()] ?? '');
  return (
    <Field
      label={field()?.label ?? ''}
      error={props.form.error(path())}
      hint={props.form.error(path()) ? undefined : props.hint}
    >
      {(control) => (
        <input
          {...control}
          type="text"
          inputmode="url"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          placeholder={field()?.placeholder ?? undefined}
          value={typed()}
          onInput={(event) =>
            props.form.change({ settings: { ...props.form.draft.settings, [name()]: event.currentTarget.value } })
          }
          onBlur={() => {
            const { settings } = withSuggestion(props.form.draft);
            if (settings[name()] !== typed()) props.form.change({ settings });
            props.form.leave(path());
          }}
        />
      )}
    </Field>
  );
};

/** Creates or changes a monitor: the simple fields first, the rest under "Advanced". */
export const MonitorForm = (props: {
  /** The monitor that is changed; none where it is new. */
  monitorId?: string;
  initial: MonitorDraft;
  /** That it is checked less often than chosen; null for a new one. */
  limitedBy: MonitorDetailView['limitedBy'];
  draftKey: string;
  button: string;
  cancelHref: string;
  save: (input: CreateMonitorInput) => Promise<unknown>;
}) => {
  const form = createForm({
    initial: props.initial,
    draftKey: props.draftKey,
    keepable: keptMonitor,
    complete: completeMonitor,
    problems: (draft) => problemsOf(withSuggestion(draft), props.monitorId === undefined ? undefined : props.initial),
    input: (draft) => inputOf(withSuggestion(draft)),
    save: (input: CreateMonitorInput) => props.save(input),
  });
  const regions = useQuery(regionsQuery);
  const hint = createMemo(() =>
    regions.isSuccess && !regions.data.allowPrivateTargets ? hostHint(form.draft) : undefined,
  );

  return (
    <Form form={form} button={props.button} cancel={props.cancelHref}>
      <FirstField form={form} hint={hint()} />
      <TextInput form={form} field="name" label="Name" optional hint="Default: the host name." />
      <Field
        label="Check interval"
        error={form.error('intervalSeconds')}
        hint="Each region checks at this interval, in turn."
      >
        {(control) => (
          <select
            {...control}
            onChange={(event) => {
              const chosen = intervalsSeconds.find((seconds) => String(seconds) === event.currentTarget.value);
              if (chosen) form.change({ intervalSeconds: chosen });
            }}
          >
            <For each={intervalsSeconds}>
              {(seconds) => (
                <option value={seconds} selected={seconds === form.draft.intervalSeconds}>
                  {everyText(seconds)}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <RegionChoice
        chosen={form.draft.regions}
        error={form.error('regions')}
        onChange={(chosen) => {
          form.change({ regions: chosen });
          form.leave('regions');
        }}
      />
      <AlertPreview form={form} limitedBy={props.limitedBy} />
      <AdvancedFields form={form} monitorId={props.monitorId} />
    </Form>
  );
};
