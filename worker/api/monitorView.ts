import { listPolicyChoices, type NamedPolicy } from '../db/governing.ts';
import type { MonitorRow } from '../db/monitors.ts';
import { readOccurrencesAround } from '../db/readMaintenance.ts';
import { asShown } from '../db/unchecked.ts';
import { readUptime24h } from '../db/uptime.ts';
import { type Governing, governing } from '../domain/escalation/governing.ts';
import { maskedSecret } from '../domain/monitor.ts';
import { policySettingsOf } from '../domain/policy.ts';
import type { Services } from '../services.ts';
import { listLatestTicks } from '../ticks/read.ts';
import { isoTimeOrNull } from './fields.ts';
import { toOccurrenceView } from './maintenanceView.ts';
import type { MonitorListItem, MonitorView, ToldByView } from './views.ts';

type ShownMonitor = MonitorRow & { uncheckedSince: number | null };

/** Secrets are masked: they are not even opened for it. */
export const toMonitorView = (row: ShownMonitor): MonitorView => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  url: row.settings.url,
  method: row.settings.method as MonitorView['method'],
  headers: Object.fromEntries(row.headerNames.map((name) => [name, maskedSecret])),
  body: row.hasBody ? maskedSecret : null,
  timeoutMs: row.timeoutMs,
  intervalSeconds: row.intervalSeconds as MonitorView['intervalSeconds'],
  regions: row.regions,
  expectedStatus: row.settings.expectedStatus,
  maxRedirects: row.settings.maxRedirects,
  bodyContains: row.settings.bodyContains,
  bodyNotContains: row.settings.bodyNotContains,
  degradedAboveMs: row.degradedAboveMs,
  tags: row.tags,
  ...policySettingsOf(row),
  dependsOn: row.dependsOn,
  escalationPolicyId: row.escalationPolicy,
  severe: row.severe,
  verdict: row.verdict,
  verdictSince: new Date(row.verdictSince).toISOString(),
  suspect: row.suspect,
  flapping: row.flapping,
  uncheckedSince: isoTimeOrNull(row.uncheckedSince),
  regionHealth: row.regionHealth,
  createdAt: new Date(row.createdAt).toISOString(),
  updatedAt: new Date(row.updatedAt).toISOString(),
});

export const toToldBy = (found: Governing<NamedPolicy>): ToldByView => ({
  id: found.policy.id,
  name: found.policy.name,
  because: found.because,
  tag: found.because === 'tag' ? found.tag : null,
  hasSteps: found.policy.hasSteps,
});

const toldByOf = (row: MonitorRow, policies: readonly NamedPolicy[]) => {
  const found = governing({ escalationPolicyId: row.escalationPolicy, tags: row.tags }, policies);
  return found && toToldBy(found);
};

/** Of one team, with uptime, latest ticks, maintenance and who tells of them, in a few statements for any number of monitors. */
export const toMonitorListItems = async (
  services: Services,
  rows: readonly MonitorRow[],
): Promise<MonitorListItem[]> => {
  const teamId = rows[0]?.teamId ?? '';
  const [shown, policies, uptimes, ticks, planned] = await Promise.all([
    asShown(services, rows),
    listPolicyChoices(services.db, teamId),
    readUptime24h(services, rows),
    listLatestTicks(services.db, rows, services.now()),
    readOccurrencesAround(
      services.d1,
      rows.map((row) => row.number),
      services.now(),
    ),
  ]);
  return shown.map((row) => ({
    ...toMonitorView(row),
    uptime24h: uptimes.get(row.number)?.percent ?? null,
    observed24hSeconds: Math.round((uptimes.get(row.number)?.observedMs ?? 0) / 1000),
    latestTicks: ticks.get(row.number) ?? [],
    maintenance: toOccurrenceView(planned.get(row.number)?.current ?? null),
    nextMaintenance: toOccurrenceView(planned.get(row.number)?.next ?? null),
    toldBy: toldByOf(row, policies),
  }));
};

/** One monitor with all that lists and its page show, so that an answer to a change leaves nothing behind. */
export const readMonitorItem = async (services: Services, row: MonitorRow): Promise<MonitorListItem> => {
  const [item] = await toMonitorListItems(services, [row]);
  return item as MonitorListItem;
};
