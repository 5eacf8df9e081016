import { Match, Show, Switch } from 'solid-js';
import { useInfiniteQuery } from '../../app/cache/query.ts';
import { guarded } from '../../ui/guarded.tsx';
import { LoadMore } from '../../ui/LoadMore.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { NoChannelNotice } from '../channels/NoChannelNotice.tsx';
import { deliveriesQuery } from '../channels/queries.ts';
import { DeliveryList } from './DeliveryList.tsx';

/** A monitor's page shows many other things. */
const latestOfMonitor = 5;

/** Notifications of an incident, or lately of a monitor, when, through what, with each attempt. */
export const Notifications = guarded((props: { of: { incidentId: string } | { monitorId: string } }) => {
  const isMonitor = () => 'monitorId' in props.of;
  const list = useInfiniteQuery(() => deliveriesQuery({ ...props.of, ...(isMonitor() && { limit: latestOfMonitor }) }));
  const all = () => list.items;
  return (
    <section class="panel" aria-labelledby="notifications-title">
      <h2 id="notifications-title">Notifications</h2>
      <Switch>
        <Match when={list.isPending}>
          <Skeleton rows={2} height="line" />
        </Match>
        <Match when={list.isError && all().length === 0}>
          <ProblemMessage error={list.error} retry={() => void list.refetch()} />
        </Match>
        <Match when={all().length === 0}>
          <Show when={isMonitor()} fallback={<p class="nothing">No notifications were sent for this incident.</p>}>
            <p class="nothing">No notifications yet.</p>
          </Show>
          <NoChannelNotice />
        </Match>
        <Match when={true}>
          <DeliveryList deliveries={all()} naming={isMonitor() ? 'incident' : 'nothing'} />
          <LoadMore list={list} />
        </Match>
      </Switch>
    </section>
  );
});
