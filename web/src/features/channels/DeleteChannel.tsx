import { useQueryClient } from '@tanstack/solid-query';
import { For, lazy, Show, Suspense } from 'solid-js';
import type { ChannelView } from '../../../../worker/contract/views.ts';
import { keepsIncidents } from '../../../../worker/domain/delivery/channelKind.ts';
import { api } from '../../app/cache/api.ts';
import { useQuery } from '../../app/cache/query.ts';
import { createAction } from '../../ui/primitives/createAction.ts';
import { PolicyLosses } from '../escalation/PolicyLosses.tsx';
import { peopleQuery } from '../onCall/queries.ts';
import { refetchAlerting } from './queries.ts';

const ConfirmDialog = lazy(() => import('../../ui/ConfirmDialog.tsx'));

/** Confirms the deletion of a channel, and lists the steps, policies and people that lose it. */
export const DeleteChannel = (props: { channel: ChannelView; onClose: () => void }) => {
  const client = useQueryClient();
  const people = useQuery(peopleQuery);
  const unreached = () =>
    (people.isSuccess ? people.data : []).filter(({ channelIds }) => `${channelIds}` === props.channel.id);
  const remove = createAction(async (id: string) => {
    await api.deleteChannel(id);
    props.onClose();
    await refetchAlerting(client);
  });
  return (
    <Suspense>
      <ConfirmDialog
        title={`Delete “${props.channel.name}”?`}
        confirm="Delete channel"
        pending={remove.pending()}
        problem={remove.problem()}
        onConfirm={() => void remove.run(props.channel.id)}
        onClose={props.onClose}
      >
        The channel sends no more alerts. Past deliveries stay in the log.
        <Show when={keepsIncidents(props.channel.kind, props.channel.settings)}>
          <span class="dialog-line">
            Pharos still resolves open incidents and stops emergency alerts in this service when their problems recover.
            Until then it keeps the settings, hidden.
          </span>
        </Show>
        <PolicyLosses target={{ type: 'channel', id: props.channel.id }} />
        <For each={unreached()}>{(person) => <span class="dialog-line">{person.name} has no other channel.</span>}</For>
      </ConfirmDialog>
    </Suspense>
  );
};
