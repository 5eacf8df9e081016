import { useQueryClient } from '@tanstack/solid-query';
import { For, lazy, Show, Suspense } from 'solid-js';
import type { ChannelView } from '../../../../worker/api/views.ts';
import { withoutTarget } from '../../../../worker/domain/escalation/policy.ts';
import { api } from '../../api.ts';
import { createAction } from '../../primitives/createAction.ts';
import { useQuery } from '../../primitives/query.ts';
import { policiesQuery } from '../../queries.ts';

const ConfirmDialog = lazy(() => import('../ConfirmDialog.tsx'));

/** Asks before a channel is deleted, and says which steps of which policies lose it. */
export const DeleteChannel = (props: { channel: ChannelView; onClose: () => void }) => {
  const client = useQueryClient();
  const policies = useQuery(policiesQuery);
  const target = () => ({ type: 'channel' as const, id: props.channel.id });
  const losses = () =>
    (policies.isSuccess ? policies.data : []).flatMap(({ name, steps }) => {
      const numbers = steps.flatMap((step, i) =>
        step.targets.some(({ id }) => id === props.channel.id) ? [i + 1] : [],
      );
      return numbers.length > 0 ? [{ name, numbers, tellsNobody: withoutTarget(steps, target()).length === 0 }] : [];
    });
  const remove = createAction(async () => {
    await api.deleteChannel(props.channel.id);
    props.onClose();
    await Promise.all([
      client.invalidateQueries({ queryKey: ['channels'] }),
      client.invalidateQueries({ queryKey: ['escalation-policies'] }),
      client.invalidateQueries({ queryKey: ['deliveries'] }),
    ]);
  });
  return (
    <Suspense>
      <ConfirmDialog
        title={`Delete “${props.channel.name}”?`}
        confirm="Delete channel"
        pending={remove.pending()}
        problem={remove.problem()}
        onConfirm={() => void remove.run()}
        onClose={props.onClose}
      >
        Nothing is told through it any more; what was told stays in the log.
        <For each={losses()}>
          {(loss) => (
            <span class="dialog-line" data-testid="loss">
              {loss.numbers.length === 1 ? 'Step' : 'Steps'} {loss.numbers.join(', ')} of “{loss.name}”{' '}
              {loss.numbers.length === 1 ? 'loses' : 'lose'} it
              <Show when={loss.tellsNobody} fallback=".">
                , and nobody is told by that policy any more.
              </Show>
            </span>
          )}
        </For>
      </ConfirmDialog>
    </Suspense>
  );
};
