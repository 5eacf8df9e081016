import { useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createSignal, Show, untrack } from 'solid-js';
import type { ChannelView, EscalationPolicyView } from '../../../../../worker/contract/views.ts';
import type { ChangeEscalationPolicy } from '../../../../../worker/domain/escalation/escalationPolicySchema.ts';
import { api } from '../../../app/cache/api.ts';
import { remember } from '../../../app/cache/queryClient.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { policiesQuery } from '../../channels/queries.ts';
import { EscalationForm } from '../EscalationForm.tsx';
import { PolicyPage } from '../PolicyPage.tsx';

export default function PolicyEdit() {
  createTitle(() => 'Edit policy');
  const params = useParams<{ id: string }>();
  const isAsked = ({ id, isDefault }: EscalationPolicyView) => (params.id === 'default' ? isDefault : id === params.id);
  return (
    <PolicyPage title="Escalation policy">
      {(known) => (
        <Show when={known.policies.find(isAsked)} fallback={<p class="nothing panel">This policy no longer exists.</p>}>
          {(policy) => <Policy policy={policy()} policies={known.policies} channels={known.channels} />}
        </Show>
      )}
    </PolicyPage>
  );
}

/** Changes by others are shown at once, but never overwrite the input. */
const Policy = (props: { policy: EscalationPolicyView; policies: EscalationPolicyView[]; channels: ChannelView[] }) => {
  const client = useQueryClient();
  const [shown, setShown] = createSignal(props.policy.updatedAt);
  /** The version that was shown or saved here last. */
  const [known, setKnown] = createSignal(props.policy.updatedAt);
  const [state, setState] = createSignal<'untouched' | 'touched' | 'saving' | 'saved'>('untouched');
  const isOutdated = () => props.policy.updatedAt > known();
  const load = () => {
    setState('untouched');
    setKnown(props.policy.updatedAt);
    setShown(props.policy.updatedAt);
  };
  const isBeingTyped = () => state() === 'touched' || state() === 'saving';
  createEffect(() => isOutdated() && !isBeingTyped() && untrack(load));
  /** A save after the notice of another change replaces that change; a save before it is refused with the notice. */
  const save = async (change: ChangeEscalationPolicy) => {
    setState('saving');
    const changed = await api
      .changePolicy(props.policy.id, { ...change, updatedAt: props.policy.updatedAt })
      .catch((error: unknown) => {
        setState('touched');
        throw error;
      })
      .finally(() => void client.invalidateQueries({ queryKey: ['escalation-policies'] }));
    setKnown(changed.updatedAt);
    // Somebody may have typed on while it was saved.
    if (state() === 'saving') setState('saved');
    remember<EscalationPolicyView[]>(client, policiesQuery().queryKey, (all) =>
      all?.map((policy) => (policy.id === changed.id ? changed : policy)),
    );
    void client.invalidateQueries({ queryKey: ['monitor'] });
  };
  return (
    <>
      <Show when={props.policy.isDefault}>
        <p class="caption">The default policy applies to all monitors without another policy.</p>
      </Show>
      <div role="status">
        <Show when={isOutdated() && state() === 'touched'}>
          <Notice>
            Another user changed the policy in the meantime. Your version replaces it when you save.{' '}
            <button type="button" class="link" onClick={load}>
              Load their version
            </button>
          </Notice>
        </Show>
      </div>
      <Show when={shown()} keyed>
        <EscalationForm
          policy={props.policy}
          // A draft belongs to the version that was read: after somebody else's change it is not restored.
          draftKey={`policy:${props.policy.id}:${known()}`}
          policies={props.policies}
          channels={props.channels}
          onTouch={() => setState('touched')}
          save={save}
        />
      </Show>
      <p class="said" role="status">
        {state() === 'saved' ? 'Saved' : ''}
      </p>
    </>
  );
};
