import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createSignal, Match, Show, Switch, untrack } from 'solid-js';
import type { ChannelView, EscalationPolicyView } from '../../../worker/api/views.ts';
import type { EscalationPolicy } from '../../../worker/domain/escalation/policy.ts';
import { api } from '../api.ts';
import { AlertsTabs } from '../components/alerts/AlertsTabs.tsx';
import { EscalationForm } from '../components/alerts/EscalationForm.tsx';
import { Notice } from '../components/Notice.tsx';
import { ProblemMessage } from '../components/ProblemMessage.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { createTitle } from '../primitives/createTitle.ts';
import { useQuery } from '../primitives/query.ts';
import { channelsQuery, policiesQuery } from '../queries.ts';
import '../styles/first.css';

export default function Escalation() {
  createTitle(() => 'Who is told when');
  const policies = useQuery(policiesQuery);
  const channels = useQuery(channelsQuery);
  const policy = () => (policies.isPending ? undefined : policies.data?.find(({ isDefault }) => isDefault));
  const known = () => (channels.isPending ? undefined : channels.data);
  return (
    <div class="page narrow">
      <div class="page-head">
        <h1>Who is told when</h1>
      </div>
      <AlertsTabs />
      <Switch>
        <Match when={known()?.length === 0}>
          <div class="first">
            <h2>First of all, a channel</h2>
            <p>Add one channel: every outage is then told there. Here you can add who is told if nobody reacts.</p>
            <A href="/alerts/channels/new" class="button primary">
              Add a channel
            </A>
          </div>
        </Match>
        <Match when={known() && policy()}>{(found) => <Policy policy={found()} channels={known() ?? []} />}</Match>
        <Match when={policies.error ?? channels.error}>
          {(error) => (
            <ProblemMessage error={error()} retry={() => void Promise.all([policies.refetch(), channels.refetch()])} />
          )}
        </Match>
        <Match when={true}>
          <Skeleton rows={3} height="card" />
        </Match>
      </Switch>
    </div>
  );
}

/** What somebody else changes is shown at once, but never in place of what is being typed. */
const Policy = (props: { policy: EscalationPolicyView; channels: ChannelView[] }) => {
  const client = useQueryClient();
  const [shown, setShown] = createSignal(props.policy.updatedAt);
  /** The version that was shown or saved here last. */
  const [known, setKnown] = createSignal(props.policy.updatedAt);
  const [state, setState] = createSignal<'untouched' | 'touched' | 'saved'>('untouched');
  const isOutdated = () => props.policy.updatedAt > known();
  const load = () => {
    setState('untouched');
    setKnown(props.policy.updatedAt);
    setShown(props.policy.updatedAt);
  };
  createEffect(() => isOutdated() && state() !== 'touched' && untrack(load));
  const save = async (change: EscalationPolicy) => {
    const changed = await api.changePolicy(props.policy.id, change);
    setKnown(changed.updatedAt);
    setState('saved');
    client.setQueryData(policiesQuery().queryKey, (all) =>
      all?.map((policy) => (policy.id === changed.id ? changed : policy)),
    );
  };
  return (
    <>
      <p class="caption">
        This holds for all monitors. An outage goes through the steps until somebody acknowledges it; anything else is
        told once, to the first step. The end is told to whoever was told of the problem.
      </p>
      <div role="status">
        <Show when={isOutdated() && state() === 'touched'}>
          <Notice>
            Somebody else changed the policy in the meantime. Saving yours replaces it.{' '}
            <button type="button" class="link" onClick={load}>
              Show theirs instead
            </button>
          </Notice>
        </Show>
      </div>
      <Show when={shown()} keyed>
        <EscalationForm
          policy={props.policy}
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
