import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { ChannelView, EscalationPolicyView } from '../../../../worker/contract/views.ts';
import { useQuery } from '../../app/cache/query.ts';
import { EditAndDelete } from '../../ui/EditAndDelete.tsx';
import { guarded } from '../../ui/guarded.tsx';
import { policyMonitorsQuery } from '../channels/queries.ts';
import { escalationText } from './alertLabels.ts';
import { createTargets } from './createTargets.ts';
import { monitorCount, policyMatchText } from './policyMatchText.ts';

/** A policy in the list, with its summary and its monitors. */
export const PolicyItem = guarded(
  (props: { policy: EscalationPolicyView; channels: ChannelView[]; onDelete: () => void }) => {
    const { nameOf } = createTargets(() => props.channels);
    return (
      <li class="panel channel" data-testid="policy">
        <div class="channel-head">
          <h2 class="channel-name">{props.policy.name}</h2>
          <For each={props.policy.tags}>{(tag) => <span class="tag">{tag}</span>}</For>
        </div>
        <p>{escalationText(props.policy, nameOf)}</p>
        <Covered policy={props.policy} />
        <div class="actions">
          <EditAndDelete
            name={props.policy.name}
            href={`/alerts/policy/${props.policy.id}`}
            onDelete={props.policy.isDefault ? undefined : props.onDelete}
          />
        </div>
      </li>
    );
  },
);

const Covered = (props: { policy: EscalationPolicyView }) => {
  const followers = useQuery(() => policyMonitorsQuery(props.policy.id));
  const known = () => (followers.isSuccess ? followers.data : undefined);
  const holdsFor = () => {
    if (props.policy.isDefault) return 'Applies to all monitors without another policy';
    return props.policy.tags.length > 0
      ? 'Applies to monitors with its tags, and to monitors that select it'
      : 'Applies to monitors that select it';
  };
  return (
    <>
      <p class="caption">
        {holdsFor()}
        <Show when={known()} fallback=".">
          {(found) => <>: {found().total === 0 ? 'none.' : `${monitorCount(found().total)}.`}</>}
        </Show>
      </p>
      <Show when={(known()?.total ?? 0) > 0}>
        <details class="attempts">
          <summary>Monitors</summary>
          <ul>
            <For each={known()?.monitors}>
              {(monitor) => (
                <li>
                  <A href={`/monitors/${monitor.id}`}>{monitor.name}</A>
                  <Show when={monitor.escalationPolicy.because !== 'default'}>
                    , {policyMatchText(monitor.escalationPolicy)}
                  </Show>
                </li>
              )}
            </For>
          </ul>
          <Show when={(known()?.total ?? 0) > (known()?.monitors.length ?? 0)}>
            <p class="caption">Only the newest {known()?.monitors.length} are shown.</p>
          </Show>
        </details>
      </Show>
    </>
  );
};
