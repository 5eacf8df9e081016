import { completeSettings, type KindSettings } from '../../checks/kinds/kind.ts';
import type { MonitorDetailView, MonitorListItem, MonitorView, TickView } from '../../contract/views.ts';
import { asShown } from '../../db/checks/staleMonitors.ts';
import { listPolicyChoices, type NamedPolicy } from '../../db/escalation/resolvePolicy.ts';
import { readUptime24h } from '../../db/history/uptime.ts';
import { type Occurrence, readOccurrencesAround } from '../../db/maintenance/readMaintenance.ts';
import type { MonitorRow } from '../../db/monitors/monitorRow.ts';
import { packChecks, type RecentCheck } from '../../domain/checks/recentChecks.ts';
import { resolvePolicy } from '../../domain/escalation/resolvePolicy.ts';
import { toIsoTime, toIsoTimeOrNull } from '../../domain/time/toIsoTime.ts';
import { checkPolicySettingsOf } from '../../domain/verdict/checkPolicy.ts';
import type { Services } from '../../services.ts';
import { listLatestTicks } from '../../ticks/read.ts';
import { toResolvedPolicyView } from '../escalation/escalationPolicyView.ts';
import { toOccurrenceView } from '../maintenance/maintenanceView.ts';

type ShownMonitor = MonitorRow & { staleSince: number | null };

/** Secrets are masked among the settings: they are not even opened for it. */
const toMonitorView = (row: ShownMonitor): MonitorView => ({
  id: row.id,
  ...({ kind: row.kind, settings: completeSettings(row.kind, row.settings) } as KindSettings),
  name: row.name,
  address: row.address,
  timeoutMs: row.timeoutMs,
  intervalSeconds: row.intervalSeconds as MonitorView['intervalSeconds'],
  regions: row.regions,
  degradedAboveMs: row.degradedAboveMs,
  tags: row.tags,
  runbookUrl: row.runbookUrl,
  ...checkPolicySettingsOf(row),
  dependsOn: row.dependsOn,
  escalationPolicyId: row.escalationPolicy,
  critical: row.critical,
  verdict: row.verdict,
  verdictSince: toIsoTime(row.verdictSince),
  suspect: row.suspect,
  flapping: row.flapping,
  staleSince: toIsoTimeOrNull(row.staleSince),
  regionHealth: row.regionHealth,
  createdAt: toIsoTime(row.createdAt),
  updatedAt: toIsoTime(row.updatedAt),
});

const resolvedPolicyOf = (row: MonitorRow, policies: readonly NamedPolicy[]) => {
  const found = resolvePolicy({ escalationPolicyId: row.escalationPolicy, tags: row.tags }, policies);
  return found && toResolvedPolicyView(found);
};

const toOccurrenceOrNull = (one: Occurrence | null | undefined) => (one ? toOccurrenceView(one) : null);

/** The data about monitors beside their rows for lists and pages, in a few statements for any number of them. */
const readSurroundings = async (services: Services, rows: readonly MonitorRow[]) => {
  const numbers = rows.map((row) => row.number);
  const [shown, uptimes, ticks, planned] = await Promise.all([
    asShown(services, rows),
    readUptime24h(services, rows),
    listLatestTicks(services.db, rows, services.now()),
    readOccurrencesAround(services.d1, numbers, services.now()),
  ]);
  return shown.map((row) => ({
    row,
    ticks: ticks.get(row.number) ?? [],
    uptime24h: uptimes.get(row.number)?.percent ?? null,
    observed24hSeconds: Math.ceil((uptimes.get(row.number)?.observedMs ?? 0) / 1000),
    maintenance: toOccurrenceOrNull(planned.get(row.number)?.current),
    nextMaintenance: toOccurrenceOrNull(planned.get(row.number)?.next),
  }));
};

/** For one team. */
export const toMonitorListItems = async (
  services: Services,
  rows: readonly MonitorRow[],
): Promise<MonitorListItem[]> => {
  const found = await readSurroundings(services, rows);
  return found.map(({ row, ticks, ...surroundings }) => {
    const view = toMonitorView(row);
    return {
      id: view.id,
      name: view.name,
      address: view.address,
      tags: view.tags,
      regions: view.regions,
      escalationPolicyId: view.escalationPolicyId,
      verdict: view.verdict,
      suspect: view.suspect,
      flapping: view.flapping,
      staleSince: view.staleSince,
      regionHealth: view.regionHealth,
      ...surroundings,
      recentChecks: packChecks(ticks.map(toRecentCheck)),
    };
  });
};

const toRecentCheck = ({ region, outcome, status, latencyMs, scheduledAt }: TickView): RecentCheck => ({
  region,
  outcome,
  answered: status !== null,
  latencyMs,
  at: Date.parse(scheduledAt),
});

/** One monitor with all data of its page, so that the response to a change is complete. */
export const readMonitorDetail = async (services: Services, monitor: MonitorRow): Promise<MonitorDetailView> => {
  const [policies, found] = await Promise.all([
    listPolicyChoices(services.db, monitor.teamId),
    readSurroundings(services, [monitor]),
  ]);
  const [{ row, ticks, ...surroundings } = { row: { ...monitor, staleSince: null }, ticks: [], ...nothingAround }] =
    found;
  return {
    ...toMonitorView(row),
    ...surroundings,
    latestTicks: ticks,
    limitedBy: limitOf(services, row),
    escalationPolicy: resolvedPolicyOf(row, policies),
  };
};

const limitOf = ({ config }: Services, { domain, stretch, intervalSeconds, cohort }: MonitorRow) => {
  if (stretch === 1 || domain === null || cohort === null) return null;
  const effectiveIntervalSeconds = intervalSeconds * stretch;
  return { domain, requestsPerSecond: config.domainRequestsPerSecond, effectiveIntervalSeconds };
};

const nothingAround = { uptime24h: null, observed24hSeconds: 0, maintenance: null, nextMaintenance: null };
