import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import { useQuery } from '../../primitives/query.ts';
import { channelsQuery } from '../../queries/alerts.ts';
import { guarded } from '../guarded.tsx';
import { Notice } from '../Notice.tsx';

/** While a team has no channel, outages are seen here only. */
export const NoChannelNotice = guarded(() => {
  const channels = useQuery(channelsQuery);
  return (
    <Show when={channels.isSuccess && channels.data.length === 0}>
      <Notice>
        Nobody is notified of an outage yet, because there is no channel.{' '}
        <A href="/alerts/channels/new">Add a channel</A>
      </Notice>
    </Show>
  );
});
