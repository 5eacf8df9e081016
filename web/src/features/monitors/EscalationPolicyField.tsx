import { createMemo, For, Show } from 'solid-js';
import { resolvePolicy } from '../../../../worker/domain/escalation/resolvePolicy.ts';
import { useQuery } from '../../app/cache/query.ts';
import { ExplainedCheck } from '../../ui/ExplainedCheck.tsx';
import { Field } from '../../ui/Field.tsx';
import type { FieldsOf } from '../../ui/primitives/createForm.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import { channelsQuery, policiesQuery } from '../channels/queries.ts';
import { escalationText } from '../escalation/alertLabels.ts';
import { createTargets } from '../escalation/createTargets.ts';
import { policyMatchText } from '../escalation/policyMatchText.ts';
import type { MonitorDraft } from './monitorDraft.ts';

/** The escalation policy of the monitor, whether its alerts pass quiet hours, and the next action. */
export const EscalationPolicyField = (props: { form: FieldsOf<MonitorDraft> }) => {
  const policies = useQuery(policiesQuery);
  const channels = useQuery(channelsQuery);
  const all = () => (policies.isPending ? [] : (policies.data ?? []));
  const { nameOf } = createTargets(() => (channels.isPending ? [] : (channels.data ?? [])));
  const chosen = () => props.form.draft.escalationPolicyId;
  const isGone = () => chosen() !== '' && !policies.isPending && !all().some(({ id }) => id === chosen());
  const hint = createMemo(() => {
    const given = { escalationPolicyId: chosen() || null, tags: props.form.draft.tags };
    const found = resolvePolicy(
      given,
      all().map((one) => ({ ...one, createdAt: Date.parse(one.createdAt) })),
    );
    if (!found) return undefined;
    const why = found.because === 'monitor' ? '' : `“${found.policy.name}”, ${policyMatchText(found)}: `;
    return `${why}${escalationText(found.policy, nameOf)}`;
  });
  return (
    <div class="form-group">
      <h2>Notifications</h2>
      <Field label="Escalation policy" error={props.form.error('escalationPolicyId')} hint={hint()}>
        {(control) => (
          <select
            {...control}
            onChange={(event) => {
              props.form.change({ escalationPolicyId: event.currentTarget.value });
              props.form.leave('escalationPolicyId');
            }}
          >
            <option value="" selected={chosen() === ''}>
              Automatic: by tag, otherwise default
            </option>
            <For each={all()}>
              {(policy) => (
                <option value={policy.id} selected={policy.id === chosen()}>
                  {policy.name}
                </option>
              )}
            </For>
            <Show when={isGone()}>
              <option value={chosen()} selected>
                Deleted policy
              </option>
            </Show>
          </select>
        )}
      </Field>
      <div class="field">
        <ExplainedCheck
          label="Critical (bypasses quiet hours)"
          hint="Alerts bypass quiet hours in channels that allow it."
          checked={props.form.draft.critical}
          onChange={(critical) => props.form.change({ critical })}
        />
      </div>
      <TextInput
        form={props.form}
        field="runbookUrl"
        label="Runbook address"
        hint="A page with instructions for failures of this monitor. Every alert links to it."
        placeholder="https://wiki.example.com/shop-is-down"
        optional
      />
    </div>
  );
};
