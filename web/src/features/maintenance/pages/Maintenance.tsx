import { A } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createMemo, For, lazy, Match, Show, Suspense, Switch } from 'solid-js';
import type { MaintenanceWindowView } from '../../../../../worker/contract/views.ts';
import { now } from '../../../lib/now.ts';
import { zoneText } from '../../../lib/zoned.ts';
import { ProblemMessage } from '../../../ui/ProblemMessage.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { meQuery } from '../../teams/queries.ts';
import { MaintenanceCard } from '../MaintenanceCard.tsx';
import { PastMaintenance } from '../PastMaintenance.tsx';
import { maintenanceQuery } from '../queries.ts';
import '../../../ui/styles/first.css';
import '../maintenance.css';
import { useInfiniteQuery, useQuery } from '../../../app/cache/query.ts';

const MaintenanceCalendar = lazy(() => import('../MaintenanceCalendar.tsx'));

const beginsAt = (window: MaintenanceWindowView) => window.current?.from ?? window.next?.from ?? '9';

export default function Maintenance() {
  createTitle(() => 'Maintenance');
  const me = useQuery(meQuery);
  const list = useInfiniteQuery(maintenanceQuery);
  const zone = () => (me.isSuccess ? me.data.team.timeZone : 'UTC');
  const all = createMemo(() => list.items.toSorted((a, b) => beginsAt(a).localeCompare(beginsAt(b))));
  return (
    <div class="page">
      <div class="page-head">
        <h1>Maintenance</h1>
        <Show when={all().length > 0}>
          <A href="/maintenance/new" class="button primary">
            <Plus size={18} aria-hidden="true" />
            Plan maintenance
          </A>
        </Show>
      </div>
      <Switch>
        <Match when={list.isPending || me.isPending}>
          <Skeleton rows={3} height="row" />
        </Match>
        <Match when={(list.isError && all().length === 0) || me.isError}>
          <ProblemMessage error={list.error ?? me.error} retry={() => void list.refetch()} />
        </Match>
        <Match when={true}>
          <Show when={all().length > 0} fallback={<NothingPlanned />}>
            <p class="caption">
              All times are in the team time zone, {zoneText(zone(), now())}.{' '}
              <A href="/settings">Change it in Settings</A>
            </p>
            <ul class="maintenance-list" aria-label="Current and upcoming windows">
              <For each={all()}>{(window) => <MaintenanceCard window={window} timeZone={zone()} />}</For>
            </ul>
            <Show when={list.hasNextPage}>
              <button type="button" class="button wide" onClick={() => void list.fetchNextPage()}>
                Load more
              </button>
            </Show>
          </Show>
          <Suspense fallback={<Skeleton rows={1} height="chart" />}>
            <MaintenanceCalendar timeZone={zone()} />
          </Suspense>
          <PastMaintenance timeZone={zone()} />
        </Match>
      </Switch>
    </div>
  );
}

const NothingPlanned = () => (
  <div class="first">
    <h2>No maintenance planned</h2>
    <p>
      Plan a maintenance window for a deployment or a backup, once or regularly. Checks continue, alerts are suppressed,
      and the time does not count against uptime. An outage that outlasts the window alerts when the window ends.
    </p>
    <A href="/maintenance/new" class="button primary">
      Plan maintenance
    </A>
  </div>
);
