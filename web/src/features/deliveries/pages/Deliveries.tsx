import { useSearchParams } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { deliveryStates } from '../../../../../worker/domain/escalation/delivery.ts';
import { useInfiniteQuery, useQuery } from '../../../app/cache/query.ts';
import { PagedList } from '../../../ui/PagedList.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { AlertsTabs } from '../../channels/AlertsTabs.tsx';
import { channelsQuery, deliveriesQuery } from '../../channels/queries.ts';
import { DeliveryList } from '../DeliveryList.tsx';
import { deliveryStateLabels } from '../deliveryStateLabels.ts';
import '../../incidents/incident.css';

export default function Deliveries() {
  createTitle(() => 'Deliveries');
  const [search, setSearch] = useSearchParams<{ state?: string; channel?: string }>();
  const state = () => deliveryStates.find((state) => state === search.state);
  const list = useInfiniteQuery(() => deliveriesQuery({ state: state(), channelId: search.channel }));
  const channels = useQuery(channelsQuery);
  /** One that is not known yet, or no longer: the list goes by it anyway. */
  const isUnlisted = () =>
    search.channel && !(channels.isSuccess && channels.data.some(({ id }) => id === search.channel));
  const all = () => list.items;
  const showAll = () => setSearch({ state: null, channel: null }, { replace: true });
  return (
    <div class="page narrow">
      <div class="page-head">
        <h1>Deliveries</h1>
      </div>
      <AlertsTabs />
      <div class="delivery-filters">
        <fieldset class="chips" aria-label="Filter by state">
          <For each={[undefined, ...deliveryStates]}>
            {(choice) => (
              <button
                type="button"
                class="chip"
                aria-pressed={state() === choice}
                onClick={() => setSearch({ state: choice ?? null }, { replace: true })}
              >
                {choice ? deliveryStateLabels[choice] : 'All'}
              </button>
            )}
          </For>
        </fieldset>
        <select
          aria-label="Filter by channel"
          onChange={(event) => setSearch({ channel: event.currentTarget.value || null }, { replace: true })}
        >
          <option value="">All channels</option>
          <For each={channels.isSuccess ? channels.data : []}>
            {(channel) => (
              <option value={channel.id} selected={channel.id === search.channel}>
                {channel.name}
              </option>
            )}
          </For>
          <Show when={isUnlisted()}>
            <option value={search.channel} selected>
              {channels.isSuccess ? 'Deleted channel' : 'One channel'}
            </option>
          </Show>
        </select>
      </div>
      <PagedList
        list={list}
        isEmpty={all().length === 0}
        empty={
          <div class="nothing panel">
            <Show when={state() || search.channel} fallback="No alerts yet. Pharos lists every alert with its result.">
              <p>No delivery matches these filters.</p>
              <button type="button" class="button small" onClick={showAll}>
                Show all deliveries
              </button>
            </Show>
          </div>
        }
      >
        <div class="panel">
          <DeliveryList deliveries={all()} naming="both" />
        </div>
      </PagedList>
    </div>
  );
}
