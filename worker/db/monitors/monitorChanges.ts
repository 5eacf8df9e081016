import { type AuditChange, changedFields, changesBetween } from '../../domain/teams/audit.ts';
import { policySettingsOf } from '../../domain/verdict/policy.ts';
import type { MonitorRow } from './monitorRow.ts';

/** What decides how a monitor is judged, in the names of the API. */
const judgedBy = (row: MonitorRow): Record<string, unknown> => ({
  intervalSeconds: row.intervalSeconds,
  regions: row.regions,
  timeoutMs: row.timeoutMs,
  degradedAboveMs: row.degradedAboveMs,
  ...policySettingsOf(row),
  severe: row.severe,
  method: row.settings.method,
  expectedStatus: row.settings.expectedStatus,
  maxRedirects: row.settings.maxRedirects,
  challengeCountsAsDown: row.settings.challengeCountsAsDown ?? false,
  sendToken: row.settings.sendToken ?? false,
});

/** What can hold what is for nobody's eyes, or would tell ids only: that it changed is told, not to what. */
const redactedFields = ({
  settings,
  sealed,
  runbookUrl,
  dependsOn,
  escalationPolicy,
}: MonitorRow): Record<string, unknown> => ({
  url: settings.url,
  bodyContains: settings.bodyContains,
  bodyNotContains: settings.bodyNotContains,
  secrets: sealed,
  runbookUrl,
  dependsOn: dependsOn.toSorted(),
  escalationPolicyId: escalationPolicy,
});

/** What is different in how a monitor is checked and judged. */
export const judgedChanges = (before: MonitorRow, after: MonitorRow): AuditChange[] => [
  ...changesBetween(judgedBy(before), judgedBy(after)),
  ...changedFields(redactedFields(before), redactedFields(after)).map((field) => ({ field })),
];
