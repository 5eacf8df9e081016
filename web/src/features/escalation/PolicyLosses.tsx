import { For, Show } from 'solid-js';
import type { Target } from '../../../../worker/domain/escalation/escalationPolicy.ts';
import { useQuery } from '../../app/cache/query.ts';
import { guarded } from '../../ui/guarded.tsx';
import { policiesQuery } from '../channels/queries.ts';
import { policyLosses } from './policyLosses.ts';

/** The steps and policies that lose a target that is about to be deleted. */
export const PolicyLosses = guarded((props: { target: Target }) => {
  const policies = useQuery(policiesQuery);
  const losses = () => policyLosses(policies.isSuccess ? policies.data : [], props.target);
  return (
    <For each={losses()}>
      {(loss) => (
        <span class="dialog-line" data-testid="loss">
          {loss.steps.length === 1 ? 'Step' : 'Steps'} {loss.steps.join(', ')} of “{loss.name}”{' '}
          {loss.steps.length === 1 ? 'loses' : 'lose'} it
          <Show when={loss.notifiesNobody} fallback=".">
            , and that policy then notifies nobody.
          </Show>
        </span>
      )}
    </For>
  );
});
