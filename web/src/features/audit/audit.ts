import { definitionOf, kinds } from '../../../../worker/checks/kinds/kind.ts';
import type { AuditChange } from '../../../../worker/domain/teams/audit.ts';
import { settingFields } from '../monitors/monitorDraft.ts';

/** Fields as the forms name them, in the middle of a sentence. */
const fieldWords: Record<string, string> = {
  intervalSeconds: 'check interval',
  timeoutMs: 'timeout',
  degradedAboveMs: 'degraded above',
  degradedConfirmations: 'slow checks before a region is degraded',
  confirmations: 'failures before a region is down',
  recoveryConfirmations: 'successes before a region recovers',
  confirmationPeriodSeconds: 'confirmation period',
  recoveryPeriodSeconds: 'recovery period',
  flappingChanges: 'status changes before flapping',
  flappingWithinMinutes: 'flapping window',
  checkToken: 'identification token',
  url: 'address',
  dependsOn: 'dependencies',
  startsAt: 'start',
  endsAt: 'end',
  timeZone: 'time zone',
  rrule: 'repetition',
  skipped: 'skipped occurrences',
  monitorIds: 'monitors',
  allMonitors: 'all monitors',
  pauseSeconds: 'pause between rounds',
  remindEveryMinutes: 'reminder interval',
  notifyOnAcknowledgement: 'acknowledgement notifications',
  overrides: 'overrides',
  calendarUrl: 'calendar address',
  signingSecret: 'signing secret',
  bodyTemplate: 'body',
  escalationPolicyId: 'escalation policy',
  runbookUrl: 'runbook address',
  critical: 'critical',
  quietHours: 'quiet hours',
};

const units: Record<string, string> = { Seconds: 's', Ms: 'ms', Minutes: 'min' };

const valueText = (field: string, value: unknown): string => {
  if (value === null) return 'none';
  const unit = Object.entries(units).find(([ending]) => field.endsWith(ending));
  const text = Array.isArray(value)
    ? value.join(', ') || 'none'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
  return unit ? `${text} ${unit[1]}` : text;
};

const isAny = <T>(value: T | undefined): value is T => value !== undefined;

/** The label of a setting in the form of its kind, in the middle of a sentence. */
const settingText = (name: string): string | undefined => {
  const label = kinds.flatMap((kind) => settingFields(kind)).find((field) => field.name === name)?.label;
  return label && `${label.charAt(0).toLowerCase()}${label.slice(1)}`;
};

/** `headers or body`: which secret of the monitor changed is not recorded. */
const secretsText = (): string => {
  const names = kinds.flatMap((kind) => Object.keys(definitionOf(kind).secrets));
  return [...new Set(names.map(settingText).filter(isAny))].join(' or ');
};

const nameOf = (field: string) =>
  fieldWords[field] ?? settingText(field) ?? (field === 'secrets' ? secretsText() : field);

/** `interval: 60 s → 30 s`; the name alone where the values are kept from the trail. */
export const changeText = ({ field, from, to }: AuditChange): string => {
  const name = nameOf(field);
  return from === undefined ? name : `${name}: ${valueText(field, from)} → ${valueText(field, to)}`;
};
