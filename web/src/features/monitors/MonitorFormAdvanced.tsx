import ChevronRight from 'lucide-solid/icons/chevron-right';
import { For, Show } from 'solid-js';
import { httpMethods } from '../../../../worker/domain/monitors/monitor.ts';
import { ExplainedCheck } from '../../ui/ExplainedCheck.tsx';
import { Field, FieldNotes } from '../../ui/Field.tsx';
import type { FieldsOf } from '../../ui/primitives/createForm.ts';
import { TagInput } from '../../ui/TagInput.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { DependencyPicker } from './DependencyPicker.tsx';
import { HeadersEditor } from './HeadersEditor.tsx';
import type { MonitorDraft } from './monitorDraft.ts';
import { WhenToAlert } from './WhenToAlert.tsx';
import { WhoIsTold } from './WhoIsTold.tsx';

/** What most monitors never need: the request in detail, what counts as an answer, tags. */
export const AdvancedFields = (props: { form: FieldsOf<MonitorDraft>; monitorId: string | undefined }) => (
  <details class="advanced">
    <summary>
      <ChevronRight size={18} aria-hidden="true" />
      Advanced
    </summary>
    <div class="form-group">
      <h2>Request</h2>
      <div class="field-row">
        <Field label="Method" error={props.form.error('method')}>
          {(control) => (
            <select
              {...control}
              onChange={(event) => {
                const chosen = httpMethods.find((method) => method === event.currentTarget.value);
                if (chosen) props.form.change({ method: chosen });
              }}
            >
              <For each={httpMethods}>
                {(method) => (
                  <option value={method} selected={method === props.form.draft.method}>
                    {method}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
        <TextInput form={props.form} field="timeoutSeconds" path="timeoutMs" label="Timeout (seconds)" decimal />
        <TextInput
          form={props.form}
          field="maxRedirects"
          label="Maximum redirects"
          hint="0 to 10. With 0, the redirect itself is the response."
          decimal
        />
      </div>
      <HeadersEditor
        rows={props.form.draft.headers}
        error={props.form.error}
        onChange={(rows) => props.form.change({ headers: rows })}
        onLeave={() => props.form.leave('headers')}
      />
      <div class="field" classList={{ invalid: Boolean(props.form.error('sendToken')) }}>
        <ExplainedCheck
          label="Send the identification header"
          hint="A team secret by which a firewall recognizes the checks (see Settings). Sent only over https, and not after a redirect to another origin. Send it only to your own sites."
          checked={props.form.draft.sendToken}
          onChange={(sendToken) => {
            props.form.change({ sendToken });
            props.form.leave('sendToken');
          }}
        />
        <FieldNotes id="send-token" error={props.form.error('sendToken')} />
      </div>
      <Show when={props.form.draft.method !== 'GET' && props.form.draft.method !== 'HEAD'}>
        <Field
          label="Body"
          optional
          error={props.form.error('body')}
          hint="Stored encrypted and never shown again. JSON is sent as application/json unless a header says otherwise."
        >
          {(control) => (
            <textarea
              {...control}
              rows={4}
              spellcheck={false}
              value={props.form.draft.body}
              onInput={(event) => props.form.change({ body: event.currentTarget.value })}
              onBlur={() => props.form.leave('body')}
            />
          )}
        </Field>
      </Show>
    </div>
    <div class="form-group">
      <h2>Expected response</h2>
      <TextInput
        form={props.form}
        field="expectedStatus"
        label="Expected status codes"
        hint="Codes and ranges, such as 200-299, 301."
      />
      <TextInput
        form={props.form}
        field="bodyContains"
        label="Body must contain"
        hint="Pharos searches up to 8 MiB. A larger or undecodable body counts as down."
        optional
      />
      <TextInput form={props.form} field="bodyNotContains" label="Body must not contain" optional />
      <div class="field">
        <ExplainedCheck
          label="Count bot-protection blocks as down"
          hint="Otherwise a blocked check has no result, and the monitor reports missing data."
          checked={props.form.draft.challengeCountsAsDown}
          onChange={(challengeCountsAsDown) => props.form.change({ challengeCountsAsDown })}
        />
      </div>
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
    <WhoIsTold form={props.form} />
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
