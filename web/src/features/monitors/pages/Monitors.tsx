import { A, useSearchParams } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createMemo, For, Match, Show, Switch } from 'solid-js';
import type { MonitorListItem } from '../../../../../worker/contract/views.ts';
import { regions as everyRegion, type Region } from '../../../../../worker/domain/checks/region.ts';
import { fitsSearch } from '../../../../../worker/domain/fields/searchText.ts';
import type { Verdict } from '../../../../../worker/domain/history/uptime.ts';
import { type Condition, conditions, conditionsOf, urgencies } from '../../../../../worker/domain/verdict/condition.ts';
import type { MonitorFilter } from '../../../app/cache/api.ts';
import { now } from '../../../lib/now.ts';
import { isGone } from '../../../lib/problem.ts';
import { LoadMore } from '../../../ui/LoadMore.tsx';
import { ProblemMessage } from '../../../ui/ProblemMessage.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { AlertNotices } from '../../channels/AlertNotices.tsx';
import { NoChannelNotice } from '../../channels/NoChannelNotice.tsx';
import { inMaintenance } from '../../maintenance/maintenance.ts';
import { createDistrusted } from '../../verdicts/createDistrusted.ts';
import { DistrustNotice } from '../../verdicts/DistrustNotice.tsx';
import { verdicts } from '../../verdicts/verdictText.ts';
import { DigestFilter } from '../DigestFilter.tsx';
import { FirstMonitor } from '../FirstMonitor.tsx';
import { MonitorFilters } from '../MonitorFilters.tsx';
import { MonitorRow } from '../MonitorRow.tsx';
import { countsQuery, monitorsQuery, tagsQuery } from '../queries.ts';
import '../monitors.css';
import { useInfiniteQuery, useQuery } from '../../../app/cache/query.ts';

const matches = (monitor: MonitorListItem, filter: MonitorFilter, distrusted: readonly Region[]) => {
  return (
    (!filter.search || fitsSearch(filter.search, monitor.name, monitor.address)) &&
    (!filter.tag || monitor.tags.includes(filter.tag)) &&
    (!filter.verdict || isSo(monitor, filter.verdict)) &&
    (!filter.condition || conditionsOf(monitor, distrusted).includes(filter.condition))
  );
};

/** Maintenance is no verdict of its own: monitors in a window count there as well. */
const isSo = (monitor: MonitorListItem, verdict: Verdict) =>
  verdict === 'maintenance' ? inMaintenance(monitor, now()) : monitor.verdict === verdict;

export default function Monitors() {
  createTitle(() => 'Monitors');
  const [search, setSearch] = useSearchParams<{
    search?: string;
    verdict?: string;
    condition?: string;
    tag?: string;
    digest?: string;
  }>();
  const filter = (): MonitorFilter => ({
    search: search.search,
    verdict: verdicts.find((v) => v === search.verdict),
    condition: conditions.find((c) => c === search.condition),
    tag: search.tag,
    digest: search.digest,
  });
  let heading: HTMLHeadingElement | undefined;
  const showTeam = () => {
    setSearch({ digest: null });
    // The pressed button no longer exists.
    heading?.focus();
  };
  const distrusted = createDistrusted();
  /** The team's monitors, or the digest's: the base of the other filters. */
  const whole = useInfiniteQuery(() => monitorsQuery({ digest: search.digest }));
  // Loaded monitors are filtered here and at once; the API searches only where the list is incomplete.
  const searching = () =>
    Boolean(search.search || search.verdict || search.condition || search.tag) && whole.hasNextPage;
  const found = useInfiniteQuery(() => ({ ...monitorsQuery(filter()), enabled: searching() }));
  const list = () => (searching() ? found : whole);
  // One that got better while the next page was asked for is on both.
  const all = createMemo(() => [...new Map(whole.items.map((monitor) => [monitor.id, monitor])).values()]);
  const shown = createMemo(() => {
    const answered = searching() && !found.isPending ? found.items : all();
    return answered.filter((monitor) => matches(monitor, filter(), distrusted.ids()));
  });
  const team = useQuery(() => ({
    ...countsQuery({ digest: search.digest }),
    enabled: !search.digest || whole.hasNextPage,
  }));
  const isSearched = () => Boolean(search.search || search.tag);
  const inSearch = useQuery(() => ({
    ...countsQuery({ search: search.search, tag: search.tag, digest: search.digest }),
    enabled: isSearched() && whole.hasNextPage,
    placeholderData: (before) => before,
  }));
  const tagsOfTeam = useQuery(() => ({ ...tagsQuery(), enabled: whole.hasNextPage }));
  /** By the API: loaded rows are enough only where they are complete. */
  const counted = () => (isSearched() ? inSearch : team);
  const answeredCounts = () => {
    const answer = counted();
    return answer.isSuccess ? answer.data : undefined;
  };
  /** All that fit the search and the tag, in whatever state. */
  const within = createMemo(() =>
    all().filter((monitor) => matches(monitor, { search: search.search, tag: search.tag }, [])),
  );
  const counts = createMemo(() => {
    if (whole.hasNextPage) return { ...answeredCounts()?.verdicts, ...answeredCounts()?.conditions };
    const found: Partial<Record<Verdict | Condition, number>> = {};
    for (const monitor of within())
      for (const kind of [monitor.verdict, ...conditionsOf(monitor, distrusted.ids())])
        found[kind] = (found[kind] ?? 0) + 1;
    const held = within().filter((monitor) => inMaintenance(monitor, now())).length;
    return { ...found, maintenance: held };
  });
  const total = () => (whole.hasNextPage ? answeredCounts()?.total : within().length);
  const ofTeam = () => (whole.hasNextPage ? (team.isSuccess ? team.data.total : undefined) : all().length);
  const tags = createMemo(() => {
    const loaded = all().flatMap((monitor) => monitor.tags);
    return [...new Set([...loaded, ...(whole.hasNextPage && tagsOfTeam.isSuccess ? tagsOfTeam.data : [])])].sort();
  });
  // Those of monitors on pages that are not loaded are not known: better a region too many than none.
  const regions = createMemo(() =>
    whole.hasNextPage ? everyRegion : [...new Set(all().flatMap((monitor) => monitor.regions))],
  );
  // In the API's order; rows that changed since move at once.
  const worst = createMemo(() => shown().toSorted((a, b) => urgencies[b.verdict] - urgencies[a.verdict]));

  return (
    <div class="page">
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          Monitors
        </h1>
        <Show when={all().length > 0}>
          <A href="/monitors/new" class="button primary">
            <Plus size={18} aria-hidden="true" />
            Add monitor
          </A>
        </Show>
      </div>
      <Show when={search.digest}>{(id) => <DigestFilter id={id()} onRemove={showTeam} />}</Show>
      <Switch>
        <Match when={whole.isPending}>
          <Skeleton rows={6} height="row" />
        </Match>
        <Match when={search.digest && isGone(whole.error)}>
          <p class="nothing" role="alert">
            This digest no longer exists. Pharos deletes digests after some months, with the delivery log.{' '}
            <button type="button" class="link" onClick={showTeam}>
              Show all monitors
            </button>
          </p>
        </Match>
        <Match when={whole.isError && all().length === 0}>
          <ProblemMessage error={whole.error} retry={() => void whole.refetch()} />
        </Match>
        <Match when={search.digest && all().length === 0}>
          <p class="nothing">
            All monitors of this digest have been deleted.{' '}
            <button type="button" class="link" onClick={showTeam}>
              Show all monitors
            </button>
          </p>
        </Match>
        <Match when={all().length === 0}>
          <FirstMonitor />
        </Match>
        <Match when={true}>
          <NoChannelNotice />
          <AlertNotices />
          <DistrustNotice regions={regions()} />
          <MonitorFilters
            filter={filter()}
            counts={counts()}
            total={total()}
            searchedIn={isSearched() ? ofTeam() : undefined}
            tags={tags()}
            onChange={(change) => setSearch(change, { replace: true })}
          />
          <ul class="monitor-list" aria-label="Monitors">
            <For each={worst()}>{(monitor) => <MonitorRow monitor={monitor} distrusted={distrusted.ids()} />}</For>
          </ul>
          <Show when={worst().length === 0}>
            <p class="nothing">
              No monitor matches these filters.{' '}
              <button
                type="button"
                class="link"
                onClick={() => setSearch({ search: null, verdict: null, condition: null, tag: null })}
              >
                Show all
              </button>
            </p>
          </Show>
          <LoadMore list={list()} />
        </Match>
      </Switch>
    </div>
  );
}
