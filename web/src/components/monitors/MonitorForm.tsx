import { A } from '@solidjs/router';
import { createMemo, For, Show } from 'solid-js';
import type { CreateMonitorInput } from '../../../../worker/domain/monitor.ts';
import { intervalsSeconds } from '../../../../worker/domain/schedule.ts';
import { everyText } from '../../format.ts';
import { hostHint, inputOf, type MonitorDraft } from '../../monitorDraft.ts';
import { createAction } from '../../primitives/createAction.ts';
import { createMonitorForm } from '../../primitives/createMonitorForm.ts';
import { regionsQuery } from '../../queries.ts';
import { withScheme } from '../../url.ts';
import { Field } from '../Field.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import { AlertPreview } from './AlertPreview.tsx';
import { AdvancedFields } from './MonitorFormAdvanced.tsx';
import { RegionChoice } from './RegionChoice.tsx';
import '../../styles/form.css';
import { useQuery } from '../../primitives/query.ts';

/** Creates or changes a monitor: the simple fields first, the rest under "Advanced". */
export const MonitorForm = (props: {
  /** The monitor that is changed; none where it is new. */
  monitorId?: string;
  initial: MonitorDraft;
  button: string;
  cancelHref: string;
  save: (input: CreateMonitorInput) => Promise<unknown>;
}) => {
  const form = createMonitorForm(props.initial);
  const regions = useQuery(regionsQuery);
  const hint = createMemo(() =>
    regions.isSuccess && !regions.data.allowPrivateTargets ? hostHint(form.draft.url) : undefined,
  );
  const save = createAction((input: CreateMonitorInput) => props.save(input));
  let element: HTMLFormElement | undefined;

  const focusFirstInvalid = () => {
    const invalid = element?.querySelector<HTMLElement>('[aria-invalid="true"]');
    const details = invalid?.closest('details');
    if (details) details.open = true;
    invalid?.focus();
  };
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    form.set('url', withScheme(form.draft.url));
    form.send();
    if (!form.valid()) return focusFirstInvalid();
    await save.run(inputOf(form.plain()));
    const problem = save.problem();
    if (problem && form.refuse(problem)) focusFirstInvalid();
  };

  return (
    <form class="form panel" ref={element} onSubmit={onSubmit} noValidate>
      <Field label="Address to watch" error={form.error('url')} hint={form.error('url') ? undefined : hint()}>
        {(control) => (
          <input
            {...control}
            type="text"
            inputmode="url"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            placeholder="https://example.com/"
            value={form.draft.url}
            onInput={(event) => form.set('url', event.currentTarget.value)}
            onBlur={() => {
              form.set('url', withScheme(form.draft.url));
              form.leave('url');
            }}
          />
        )}
      </Field>
      <Field label="Name" optional error={form.error('name')} hint="Left empty, the host name is used.">
        {(control) => (
          <input
            {...control}
            type="text"
            autocomplete="off"
            value={form.draft.name}
            onInput={(event) => form.set('name', event.currentTarget.value)}
            onBlur={() => form.leave('name')}
          />
        )}
      </Field>
      <Field
        label="Check"
        error={form.error('intervalSeconds')}
        hint="Each region checks at this interval, one after the other."
      >
        {(control) => (
          <select
            {...control}
            onChange={(event) => {
              const chosen = intervalsSeconds.find((seconds) => String(seconds) === event.currentTarget.value);
              if (chosen) form.set('intervalSeconds', chosen);
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
          form.set('regions', chosen);
          form.leave('regions');
        }}
      />
      <AlertPreview form={form} />
      <AdvancedFields form={form} monitorId={props.monitorId} />
      <Show when={save.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={save.pending()}>
          {save.pending() ? 'Saving…' : props.button}
        </button>
        <A href={props.cancelHref} class="button">
          Cancel
        </A>
      </div>
    </form>
  );
};
