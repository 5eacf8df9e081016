import { Match, Show, Switch } from 'solid-js';
import { useInfiniteQuery } from '../../primitives/query.ts';
import { deliveriesQuery } from '../../queries/alerts.ts';
import { guarded } from '../guarded.tsx';
import { LoadMore } from '../LoadMore.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import { Skeleton } from '../Skeleton.tsx';
import { DeliveryList } from './DeliveryList.tsx';
import { NoChannelNotice } from './NoChannelNotice.tsx';

/** A monitor's page shows many other things. */
const latestOfMonitor = 5;

/** Alerts sent of an incident, or lately of a monitor, when, through what, with each attempt. */
export const WhoWasTold = guarded((props: { of: { incidentId: string } | { monitorId: string } }) => {
  const isMonitor = () => 'monitorId' in props.of;
  const list = useInfiniteQuery(() => deliveriesQuery({ ...props.of, ...(isMonitor() && { limit: latestOfMonitor }) }));
  const all = () => list.items;
  return (
    <section class="panel" aria-labelledby="told-title">
      <h2 id="told-title">Alerts sent</h2>
      <Switch>
        <Match when={list.isPending}>
          <Skeleton rows={2} height="line" />
        </Match>
        <Match when={list.isError && all().length === 0}>
          <ProblemMessage error={list.error} retry={() => void list.refetch()} />
        </Match>
        <Match when={all().length === 0}>
          <Show when={isMonitor()} fallback={<p class="nothing">Nobody was notified of this incident.</p>}>
            <p class="nothing">No alerts so far.</p>
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
