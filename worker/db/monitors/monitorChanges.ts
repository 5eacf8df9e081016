import { type AnyKind, definitionOf } from '../../checks/kinds/kind.ts';
import { type AuditChange, changedNames, changesBetween } from '../../domain/teams/audit.ts';
import { checkPolicySettingsOf } from '../../domain/verdict/checkPolicy.ts';
import type { MonitorRow } from './monitorRow.ts';

/** The settings that decide how a monitor is judged, by their API names. */
const judgedBy = (row: MonitorRow): Record<string, unknown> => ({
  intervalSeconds: row.intervalSeconds,
  regions: row.regions,
  timeoutMs: row.timeoutMs,
  degradedAboveMs: row.degradedAboveMs,
  ...checkPolicySettingsOf(row),
  critical: row.critical,
  ...settingsOf(row, ({ audited }, name) => audited.includes(name)),
});

/** Settings that may contain secrets, or hold only ids: the trail records that they changed, without values. */
const redactedFields = (row: MonitorRow): Record<string, unknown> => ({
  ...settingsOf(row, ({ audited, secrets }, name) => !audited.includes(name) && !(name in secrets)),
  secrets: row.sealed,
  runbookUrl: row.runbookUrl,
  dependsOn: row.dependsOn.toSorted(),
  escalationPolicyId: row.escalationPolicy,
});

const settingsOf = ({ kind, settings }: MonitorRow, isWanted: (definition: AnyKind, name: string) => boolean) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => isWanted(definitionOf(kind), name)));

/** The differences in how a monitor is checked and judged. */
export const judgedChanges = (before: MonitorRow, after: MonitorRow): AuditChange[] => [
  ...changesBetween(judgedBy(before), judgedBy(after)),
  ...changedNames(redactedFields(before), redactedFields(after)),
];
