import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import { useQuery } from '../../app/cache/query.ts';
import { guarded } from '../../ui/guarded.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { channelsQuery } from './queries.ts';

/** While a team has no channel, outages are seen here only. */
export const NoChannelNotice = guarded(() => {
  const channels = useQuery(channelsQuery);
  return (
    <Show when={channels.isSuccess && channels.data.length === 0}>
      <Notice>
        No alerts configured: the team has no channel. <A href="/alerts/channels/new">Add a channel</A>
      </Notice>
    </Show>
  );
});
