import { Match, Switch } from 'solid-js';
import { useInfiniteQuery } from '../../primitives/query.ts';
import { deliveriesQuery } from '../../queries.ts';
import { LoadMore } from '../LoadMore.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import { Skeleton } from '../Skeleton.tsx';
import { DeliveryList } from './DeliveryList.tsx';
import { NoChannelNotice } from './NoChannelNotice.tsx';

/** Who was told of an incident, when, through what, with each attempt. */
export const WhoWasTold = (props: { incidentId: string }) => {
  const list = useInfiniteQuery(() => deliveriesQuery({ incidentId: props.incidentId }));
  const all = () => (list.isPending ? [] : (list.data?.pages.flatMap((page) => page.data) ?? []));
  return (
    <section class="panel" aria-labelledby="told-title">
      <h2 id="told-title">Who was told</h2>
      <Switch>
        <Match when={list.isPending}>
          <Skeleton rows={2} height="line" />
        </Match>
        <Match when={list.isError && all().length === 0}>
          <ProblemMessage error={list.error} retry={() => void list.refetch()} />
        </Match>
        <Match when={all().length === 0}>
          <p class="nothing">Nobody was told of this incident.</p>
          <NoChannelNotice />
        </Match>
        <Match when={true}>
          <DeliveryList deliveries={all()} named={false} />
          <LoadMore list={list} />
        </Match>
      </Switch>
    </section>
  );
};
