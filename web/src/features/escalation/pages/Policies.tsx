import { A } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createSignal, For, Show } from 'solid-js';
import type { EscalationPolicyView } from '../../../../../worker/contract/views.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { together } from '../../../ui/primitives/together.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { AlertsTabs } from '../../channels/AlertsTabs.tsx';
import { NoChannelNotice } from '../../channels/NoChannelNotice.tsx';
import { channelsQuery, policiesQuery } from '../../channels/queries.ts';
import { DeletePolicy } from '../DeletePolicy.tsx';
import { PolicyItem } from '../PolicyItem.tsx';
import '../../incidents/incident.css';

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
        An outage runs through the steps of its policy until it is acknowledged. An advisory notifies the first step
        once. All recipients of a problem receive its recovery. A monitor uses its selected policy, otherwise the oldest
        policy with one of its tags, otherwise the default policy.
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
