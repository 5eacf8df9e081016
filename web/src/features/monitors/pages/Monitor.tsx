import { A, useParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import ExternalLink from 'lucide-solid/icons/external-link';
import { createMemo, For, lazy, Match, Show, Suspense, Switch } from 'solid-js';
import { definitionOf } from '../../../../../worker/checks/kinds/kind.ts';
import type { MonitorDetailView, TickView } from '../../../../../worker/contract/views.ts';
import type { Region } from '../../../../../worker/domain/checks/region.ts';
import { isWaiting } from '../../../../../worker/domain/verdict/condition.ts';
import { duration, everyText, exactTime } from '../../../lib/format.ts';
import { now } from '../../../lib/now.ts';
import { isGone } from '../../../lib/problem.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { guarded } from '../../../ui/guarded.tsx';
import { ProblemMessage } from '../../../ui/ProblemMessage.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { Notifications } from '../../deliveries/Notifications.tsx';
import { Reclassifications } from '../../history/Reclassifications.tsx';
import { IncidentList } from '../../incidents/IncidentList.tsx';
import { incidentsQuery } from '../../incidents/queries.ts';
import { MaintenanceBanner } from '../../maintenance/MaintenanceBanner.tsx';
import { policyText } from '../../verdicts/checkPolicyText.ts';
import { createDistrusted } from '../../verdicts/createDistrusted.ts';
import { DistrustNotice } from '../../verdicts/DistrustNotice.tsx';
import { VerdictBadge } from '../../verdicts/VerdictBadge.tsx';
import { VerdictHistory } from '../../verdicts/VerdictHistory.tsx';
import { WhyVerdict } from '../../verdicts/WhyVerdict.tsx';
import { AppliedPolicy } from '../AppliedPolicy.tsx';
import { Conditions } from '../Conditions.tsx';
import { Dependencies } from '../Dependencies.tsx';
import { LatestChecks } from '../LatestChecks.tsx';
import { LimitNotice } from '../LimitNotice.tsx';
import { MonitorActions } from '../MonitorActions.tsx';
import { MonitorHistory } from '../MonitorHistory.tsx';
import { ticksQuery } from '../observationQueries.ts';
import { monitorQuery } from '../queries.ts';
import { RegionResults } from '../RegionResults.tsx';
import { RunbookLink } from '../RunbookLink.tsx';
import { latestOf } from '../ticks.ts';
import { UptimeStat } from '../UptimeStat.tsx';
import '../monitor.css';
import { useInfiniteQuery, useQuery } from '../../../app/cache/query.ts';

const ResponseChart = guarded(lazy(() => import('../ResponseChart.tsx')));

export default function Monitor() {
  const params = useParams<{ id: string }>();
  const monitor = useQuery(() => monitorQuery(params.id));
  const known = () => (monitor.isPending || isGone(monitor.error) ? undefined : monitor.data);
  createTitle(() => known()?.name);
  return (
    <div class="page">
      <A href="/monitors" class="back">
        <ArrowLeft size={16} aria-hidden="true" />
        All monitors
      </A>
      <Answered
        query={monitor}
        answer={known()}
        waiting={
          <>
            <Skeleton rows={1} height="card" />
            <Skeleton rows={3} height="row" />
            <Skeleton rows={1} height="chart" />
          </>
        }
      >
        {(found) => <Detail monitor={found()} />}
      </Answered>
    </div>
  );
}

const Detail = (props: { monitor: MonitorDetailView }) => {
  const ticks = useQuery(() => ticksQuery(props.monitor.id));
  const plainTicks = () => ticks.data ?? [];
  const latest = createMemo(() => latestOf(plainTicks(), props.monitor.regions));
  return (
    <>
      <Headline monitor={props.monitor} latest={latest()} />
      <DistrustNotice regions={props.monitor.regions} />
      <LimitNotice monitor={props.monitor} />
      <WhyVerdict monitor={props.monitor} />
      <MonitorActions monitor={props.monitor} latest={latest()} />
      <MaintenanceBanner monitor={props.monitor} />
      <Dependencies monitorId={props.monitor.id} />
      <RegionResults monitor={props.monitor} latest={latest()} />
      <dl class="stats" aria-label="Uptime">
        <UptimeStat monitorId={props.monitor.id} days={1} label="Uptime 24 h" />
        <UptimeStat monitorId={props.monitor.id} days={7} label="Uptime 7 d" />
        <UptimeStat monitorId={props.monitor.id} days={30} label="Uptime 30 d" />
      </dl>
      <Show when={ticks.isError && plainTicks().length === 0}>
        <ProblemMessage error={ticks.error} retry={() => void ticks.refetch()} />
      </Show>
      <section class="panel" aria-labelledby="chart-title">
        <h2 id="chart-title">Response time, 24 hours</h2>
        <Suspense fallback={<Skeleton rows={1} height="chart" />}>
          <Show when={!ticks.isPending} fallback={<Skeleton rows={1} height="chart" />}>
            <ResponseChart
              ticks={plainTicks()}
              regions={props.monitor.regions}
              intervalSeconds={props.monitor.limitedBy?.effectiveIntervalSeconds ?? props.monitor.intervalSeconds}
            />
          </Show>
        </Suspense>
      </section>
      <MonitorHistory monitorId={props.monitor.id} />
      <div class="two-columns">
        <Show when={!ticks.isPending} fallback={<Skeleton rows={6} height="line" />}>
          <LatestChecks ticks={plainTicks()} />
        </Show>
        <Incidents monitorId={props.monitor.id} />
      </div>
      <Notifications of={{ monitorId: props.monitor.id }} />
      <VerdictHistory monitorId={props.monitor.id} />
      <Reclassifications monitorId={props.monitor.id} />
    </>
  );
};

const Headline = (props: { monitor: MonitorDetailView; latest: Partial<Record<Region, TickView>> }) => {
  const distrusted = createDistrusted();
  /** A result that decides nothing, such as a refusal by bot protection, is no reason to go on waiting. */
  const waits = () =>
    isWaiting(props.monitor) && !Object.values(props.latest).some(({ outcome }) => outcome === 'unknown');
  const kind = () => definitionOf(props.monitor.kind);
  const summary = () => kind().summary(props.monitor.settings);
  return (
    <header class="headline" data-testid="headline">
      <div class="headline-verdict">
        <VerdictBadge verdict={props.monitor.verdict} waiting={waits()} large />
        <span class="since">
          for{' '}
          <time dateTime={props.monitor.verdictSince} title={exactTime(props.monitor.verdictSince)}>
            {duration(now() - Date.parse(props.monitor.verdictSince))}
          </time>
        </span>
        <Conditions monitor={props.monitor} distrusted={distrusted.ids()} />
        <Show when={props.monitor.suspect}>
          <span class="suspect" role="status">
            Confirming…
          </span>
        </Show>
      </div>
      <h1>{props.monitor.name}</h1>
      <p class="headline-target">
        <Show when={kind().link(props.monitor.address)} fallback={<span>{props.monitor.address}</span>}>
          {(link) => (
            <a href={link()} target="_blank" rel="noopener noreferrer">
              {props.monitor.address}
              <ExternalLink size={14} aria-label="opens in a new tab" />
            </a>
          )}
        </Show>
        <span class="caption">
          {summary().asks}, {everyText(props.monitor.intervalSeconds)} from each region, expects {summary().expects}{' '}
          within {props.monitor.timeoutMs / 1000} s
        </span>
        <span class="caption">{policyText(props.monitor, props.monitor.regions.length)}</span>
        <RunbookLink url={props.monitor.runbookUrl} />
        <AppliedPolicy monitor={props.monitor} />
        <For each={props.monitor.tags}>{(tag) => <span class="tag">{tag}</span>}</For>
      </p>
    </header>
  );
};

const Incidents = guarded((props: { monitorId: string }) => {
  const incidents = useInfiniteQuery(() => incidentsQuery({ monitorId: props.monitorId }));
  const all = () => incidents.items;
  return (
    <section class="panel" aria-labelledby="incidents-title">
      <h2 id="incidents-title">Incidents</h2>
      <Switch>
        <Match when={incidents.isPending}>
          <Skeleton rows={2} height="row" />
        </Match>
        <Match when={incidents.isError && all().length === 0}>
          <ProblemMessage error={incidents.error} retry={() => void incidents.refetch()} />
        </Match>
        <Match when={all().length === 0}>
          <p class="nothing">No incidents so far.</p>
        </Match>
        <Match when={true}>
          <IncidentList incidents={all()} named={false} />
          <Show when={incidents.hasNextPage}>
            <button type="button" class="button small" onClick={() => void incidents.fetchNextPage()}>
              Show older incidents
            </button>
          </Show>
        </Match>
      </Switch>
    </section>
  );
});
