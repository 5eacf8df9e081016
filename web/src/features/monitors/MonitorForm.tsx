import { createMemo, For } from 'solid-js';
import type { MonitorDetailView } from '../../../../worker/contract/views.ts';
import { intervalsSeconds } from '../../../../worker/domain/checks/schedule.ts';
import type { CreateMonitorInput } from '../../../../worker/domain/monitors/monitor.ts';
import { useQuery } from '../../app/cache/query.ts';
import { everyText } from '../../lib/format.ts';
import { withScheme } from '../../lib/url.ts';
import { Field } from '../../ui/Field.tsx';
import { Form } from '../../ui/Form.tsx';
import { createForm } from '../../ui/primitives/createForm.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import { regionsQuery } from '../verdicts/regionQueries.ts';
import { AlertPreview } from './AlertPreview.tsx';
import { AdvancedFields } from './MonitorFormAdvanced.tsx';
import { hostHint, inputOf, keptMonitor, type MonitorDraft, problemsOf } from './monitorDraft.ts';
import { RegionChoice } from './RegionChoice.tsx';

const withAddress = (draft: MonitorDraft): MonitorDraft => ({ ...draft, url: withScheme(draft.url) });

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
    problems: (draft) => problemsOf(withAddress(draft), props.monitorId === undefined ? undefined : props.initial.url),
    input: (draft) => inputOf(withAddress(draft)),
    save: (input: CreateMonitorInput) => props.save(input),
  });
  const regions = useQuery(regionsQuery);
  const hint = createMemo(() =>
    regions.isSuccess && !regions.data.allowPrivateTargets ? hostHint(form.draft.url) : undefined,
  );

  return (
    <Form form={form} button={props.button} cancel={props.cancelHref}>
      <Field label="Address to monitor" error={form.error('url')} hint={form.error('url') ? undefined : hint()}>
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
            onInput={(event) => form.change({ url: event.currentTarget.value })}
            onBlur={() => {
              const { url } = withAddress(form.draft);
              if (url !== form.draft.url) form.change({ url });
              form.leave('url');
            }}
          />
        )}
      </Field>
      <TextInput form={form} field="name" label="Name" optional hint="Default: the host name." />
      <Field label="Check" error={form.error('intervalSeconds')} hint="Each region checks at this interval, in turn.">
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
