import { A } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { ChannelView } from '../../../../../worker/contract/views.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { ProblemMessage } from '../../../ui/ProblemMessage.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { OverdueAlertsNotice } from '../AlertNotices.tsx';
import { AlertsTabs } from '../AlertsTabs.tsx';
import { ChannelItem } from '../ChannelItem.tsx';
import { DeleteChannel } from '../DeleteChannel.tsx';
import { channelKindsQuery, channelsQuery } from '../queries.ts';
import '../../../ui/styles/first.css';
import '../../incidents/incident.css';

export default function Channels() {
  createTitle(() => 'Channels');
  const channels = useQuery(channelsQuery);
  const kinds = useQuery(channelKindsQuery);
  const all = () => (channels.isPending ? [] : (channels.data ?? []));
  const labelOf = ({ kind }: ChannelView) =>
    (kinds.isSuccess ? kinds.data.data : []).find((known) => known.kind === kind)?.label ?? '';
  const [asking, setAsking] = createSignal<ChannelView | null>(null);
  return (
    <div class="page narrow">
      <div class="page-head">
        <h1>Channels</h1>
        <Show when={all().length > 0}>
          <A href="/alerts/channels/new" class="button primary">
            <Plus size={18} aria-hidden="true" />
            Add channel
          </A>
        </Show>
      </div>
      <AlertsTabs />
      <Switch>
        <Match when={channels.isPending}>
          <Skeleton rows={3} height="card" />
        </Match>
        <Match when={channels.isError && all().length === 0}>
          <ProblemMessage error={channels.error} retry={() => void channels.refetch()} />
        </Match>
        <Match when={all().length === 0}>
          <div class="first">
            <h2>Get notified of outages</h2>
            <p>Add a channel to receive every outage.</p>
            <A href="/alerts/channels/new" class="button primary">
              Add a channel
            </A>
          </div>
        </Match>
        <Match when={true}>
          <OverdueAlertsNotice />
          <ul class="channels">
            <For each={all()}>
              {(channel) => (
                <ChannelItem channel={channel} kindLabel={labelOf(channel)} onDelete={() => setAsking(channel)} />
              )}
            </For>
          </ul>
        </Match>
      </Switch>
      <Show when={asking()} keyed>
        {(channel) => <DeleteChannel channel={channel} onClose={() => setAsking(null)} />}
      </Show>
    </div>
  );
}
