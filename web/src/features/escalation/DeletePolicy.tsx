import { useQueryClient } from '@tanstack/solid-query';
import { For, lazy, Show, Suspense } from 'solid-js';
import type { EscalationPolicyView, PolicyMonitorView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { useQuery } from '../../app/cache/query.ts';
import { createAction } from '../../ui/primitives/createAction.ts';
import { policyMonitorsQuery } from '../channels/queries.ts';
import { monitorCount } from './policyMatchText.ts';

const ConfirmDialog = lazy(() => import('../../ui/ConfirmDialog.tsx'));

const maxNames = 5;

const namesOf = (monitors: readonly PolicyMonitorView[]) => {
  const names = monitors.slice(0, maxNames).map(({ name }) => name);
  const more = monitors.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/** Confirms the deletion of a policy, and lists the policies that its monitors use from then on. */
export const DeletePolicy = (props: { policy: EscalationPolicyView; onClose: () => void }) => {
  const client = useQueryClient();
  const followers = useQuery(() => policyMonitorsQuery(props.policy.id));
  const known = () => (followers.isSuccess ? followers.data : { total: 0, monitors: [] });
  const falls = () => [...Map.groupBy(known().monitors, ({ otherwise }) => otherwise?.name ?? '')];
  const remove = createAction(async (id: string) => {
    await api.deletePolicy(id);
    props.onClose();
    await Promise.all([
      client.invalidateQueries({ queryKey: ['escalation-policies'] }),
      client.invalidateQueries({ queryKey: ['monitor'] }),
    ]);
  });
  return (
    <Suspense>
      <ConfirmDialog
        title={`Delete “${props.policy.name}”?`}
        confirm="Delete policy"
        pending={remove.pending()}
        problem={remove.problem()}
        onConfirm={() => void remove.run(props.policy.id)}
        onClose={props.onClose}
      >
        <Show when={known().total > 0} fallback="No monitor uses this policy.">
          {monitorCount(known().total)} {known().total === 1 ? 'uses' : 'use'} this policy. For a current outage, the
          other policy starts at its first step and skips recipients who were already notified.
        </Show>
        <For each={falls()}>
          {([name, monitors]) => (
            <span class="dialog-line" data-testid="fallback">
              Then “{name}” applies to: {namesOf(monitors)}.
            </span>
          )}
        </For>
        <Show when={known().total > known().monitors.length}>
          <span class="dialog-line">These are the newest {known().monitors.length}.</span>
        </Show>
      </ConfirmDialog>
    </Suspense>
  );
};
