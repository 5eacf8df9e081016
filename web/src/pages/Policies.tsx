import { A } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createSignal, For, Show } from 'solid-js';
import type { EscalationPolicyView } from '../../../worker/contract/views.ts';
import { Answered } from '../components/Answered.tsx';
import { AlertsTabs } from '../components/alerts/AlertsTabs.tsx';
import { DeletePolicy } from '../components/alerts/DeletePolicy.tsx';
import { NoChannelNotice } from '../components/alerts/NoChannelNotice.tsx';
import { PolicyItem } from '../components/alerts/PolicyItem.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { createTitle } from '../primitives/createTitle.ts';
import { useQuery } from '../primitives/query.ts';
import { together } from '../primitives/together.ts';
import { channelsQuery, policiesQuery } from '../queries/alerts.ts';
import '../styles/incident.css';

export default function Policies() {
  createTitle(() => 'Escalation policies');
  const policies = useQuery(policiesQuery);
  const channels = useQuery(channelsQuery);
  const both = together(policies, channels);
  const [asking, setAsking] = createSignal<EscalationPolicyView | null>(null);
  return (
    <div class="page narrow">
      <div class="page-head">
        <h1>Escalation policies</h1>
        <A href="/alerts/policy/new" class="button primary">
          <Plus size={18} aria-hidden="true" />
          Add policy
        </A>
      </div>
      <AlertsTabs />
      <NoChannelNotice />
      <p class="caption">
        An outage goes through the steps of its monitor's policy until somebody acknowledges it; any other problem
        notifies the first step once. The recovery goes to everybody who was notified of the problem. A monitor uses the
        policy chosen in its form, else the oldest for one of its tags, else the default.
      </p>
      <Answered
        query={both}
        answer={both.isPending ? undefined : policies.data}
        waiting={<Skeleton rows={2} height="card" />}
      >
        {(found) => (
          <ul class="channels">
            <For each={found()}>
              {(policy) => (
                <PolicyItem policy={policy} channels={channels.data ?? []} onDelete={() => setAsking(policy)} />
              )}
            </For>
          </ul>
        )}
      </Answered>
      <Show when={asking()} keyed>
        {(policy) => <DeletePolicy policy={policy} onClose={() => setAsking(null)} />}
      </Show>
    </div>
  );
}
