import { A } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { ChannelView } from '../../../worker/contract/views.ts';
import { OverdueAlertsNotice } from '../components/alerts/AlertNotices.tsx';
import { AlertsTabs } from '../components/alerts/AlertsTabs.tsx';
import { ChannelItem } from '../components/alerts/ChannelItem.tsx';
import { DeleteChannel } from '../components/alerts/DeleteChannel.tsx';
import { ProblemMessage } from '../components/ProblemMessage.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { createTitle } from '../primitives/createTitle.ts';
import { useQuery } from '../primitives/query.ts';
import { channelKindsQuery, channelsQuery } from '../queries/alerts.ts';
import '../styles/first.css';
import '../styles/incident.css';

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
            <h2>Get notified when something breaks</h2>
            <p>Add one channel, and every outage is reported there.</p>
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
