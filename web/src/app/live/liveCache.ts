import type { InfiniteData, QueryClient } from '@tanstack/solid-query';
import type {
  DependenciesView,
  LiveEvent,
  MonitorListItem,
  MonitorView,
  Page,
  RelatedMonitorView,
  TickView,
  VerdictView,
} from '../../../../worker/contract/views.ts';
import { appendTicks, ofLastDay, rememberTicks, withArrived } from '../../features/monitors/ticks.ts';
import { invalidateSoon } from '../cache/askSoon.ts';
import { amend, discardFetch } from '../cache/queryClient.ts';
import { isAnyStale, refetchVerdicts } from './stall.ts';

/** Writes the feed's events into the query cache, so that a new result asks the API nothing. */

const changeListed = (client: QueryClient, change: (item: MonitorListItem) => MonitorListItem) =>
  amend<InfiniteData<Page<MonitorListItem>>>(client, ['monitors'], (found) => {
    let changed = false;
    const pages = found.pages.map((page) => {
      const data = page.data.map(change);
      if (data.every((item, i) => item === page.data[i])) return page;
      changed = true;
      return { ...page, data };
    });
    return changed ? { ...found, pages } : found;
  });

const applyTicks = (client: QueryClient, ticks: TickView[]) => {
  rememberTicks(ticks);
  const byMonitor = Map.groupBy(ticks, (tick) => tick.monitorId);
  if (isAnyStale(client, (id) => byMonitor.has(id))) refetchVerdicts(client);
  changeListed(client, (item) => {
    const arrived = byMonitor.get(item.id);
    return arrived ? { ...item, recentChecks: withArrived(item.recentChecks, arrived) } : item;
  });
  for (const [monitorId, arrived] of byMonitor)
    amend<TickView[]>(client, ['ticks', monitorId], (known) => appendTicks(ofLastDay(known, Date.now()), arrived));
};

const applyVerdict = (client: QueryClient, event: Extract<LiveEvent, { type: 'verdict' }>) => {
  const { type: _, monitorId, ...judged } = event;
  if (isAnyStale(client, (id) => id === monitorId)) return refetchVerdicts(client);
  changeListed(client, (item) => (item.id === monitorId ? { ...item, ...judged } : item));
  amend<MonitorView>(client, ['monitor', monitorId], (known) => ({ ...known, ...judged }));
  amend<DependenciesView>(client, ['dependencies'], (known) => {
    const judge = (one: RelatedMonitorView) => (one.id === monitorId ? { ...one, verdict: judged.verdict } : one);
    return { dependsOn: known.dependsOn.map(judge), dependents: known.dependents.map(judge) };
  });
  for (const queryKey of [['monitors'], ['monitor', monitorId], ['dependencies']]) discardFetch(client, queryKey);
};

/** A sentence that explains another verdict than the badge beside it shows is asked for again at once. */
const askWhy = (client: QueryClient, { monitorId, verdict }: Extract<LiveEvent, { type: 'verdict' }>) => {
  const queryKey = ['verdict', monitorId];
  const known = client.getQueryData<VerdictView>(queryKey);
  if (known && known.verdict !== verdict) void client.invalidateQueries({ queryKey });
  else invalidateSoon(client, queryKey);
};

/** The lists show the worst first: one that is on no page that is loaded may belong there now. */
const askWhereUnlisted = (client: QueryClient, monitorId: string) => {
  const lists = client.getQueriesData<InfiniteData<Page<MonitorListItem>>>({ queryKey: ['monitors'] });
  const lacksIt = lists.some(
    ([, list]) =>
      list?.pages.at(-1)?.nextCursor && !list.pages.some(({ data }) => data.some(({ id }) => id === monitorId)),
  );
  if (lacksIt) invalidateSoon(client, ['monitors']);
};

/** Queries with names of monitors, or with decisions about them. */
const listingMonitors = [
  ...['monitors', 'monitors-named', 'tags', 'monitor', 'dependencies', 'counts', 'verdict', 'verdicts'],
  ...['escalation-policies', 'deliveries', 'maintenance', 'status-pages'],
];

/** After a reclassification, here or elsewhere: refetches all data that depends on it. */
export const recount = (client: QueryClient): void => {
  for (const key of ['uptime', 'history', 'reclassifications', 'incidents', 'incident', 'audit'])
    invalidateSoon(client, [key]);
};

export const applyLiveEvent = (client: QueryClient, event: LiveEvent): void => {
  switch (event.type) {
    case 'ticks':
      applyTicks(client, event.ticks);
      return;
    case 'verdict':
      applyVerdict(client, event);
      askWhereUnlisted(client, event.monitorId);
      invalidateSoon(client, ['counts']);
      askWhy(client, event);
      invalidateSoon(client, ['verdicts', event.monitorId]);
      invalidateSoon(client, ['history', event.monitorId]);
      return;
    case 'incident':
      invalidateSoon(client, ['incidents']);
      // All incidents: an outage may have joined a reopened one, whose id the event does not contain.
      invalidateSoon(client, ['incident']);
      invalidateSoon(client, ['uptime', event.monitorId]);
      invalidateSoon(client, ['history', event.monitorId]);
      return;
    case 'delivery':
      invalidateSoon(client, ['deliveries']);
      // A digest concerns many incidents, and does not name them; only data on screen is refetched.
      invalidateSoon(client, event.incidentId ? ['incident', event.incidentId] : ['incident']);
      return;
    case 'channels-changed':
      // A monitor shows its escalation policy.
      for (const name of ['channels', 'escalation-policies', 'monitor', 'people', 'on-call', 'deliveries', 'audit'])
        invalidateSoon(client, [name]);
      return;
    case 'regions-changed':
      invalidateSoon(client, ['regions']);
      invalidateSoon(client, ['counts']);
      return;
    case 'monitors-changed':
      for (const name of listingMonitors) invalidateSoon(client, [name]);
      recount(client);
      return;
    case 'maintenance-changed':
      invalidateSoon(client, ['maintenance']);
      invalidateSoon(client, ['counts']);
      invalidateSoon(client, ['monitors']);
      invalidateSoon(client, ['monitor']);
      recount(client);
  }
};
