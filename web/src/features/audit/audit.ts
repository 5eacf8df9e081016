import type { AuditChange } from '../../../../worker/domain/teams/audit.ts';

/** Fields as the forms name them, in the middle of a sentence. */
const fieldWords: Record<string, string> = {
  intervalSeconds: 'interval',
  timeoutMs: 'timeout',
  degradedAboveMs: 'degraded above',
  degradedConfirmations: 'slow checks before a region is degraded',
  confirmations: 'failures before a region is down',
  recoveryConfirmations: 'successes before a region recovers',
  confirmationPeriodSeconds: 'confirmation period',
  recoveryPeriodSeconds: 'recovery period',
  flappingChanges: 'status changes before flapping',
  flappingWithinMinutes: 'flapping window',
  expectedStatus: 'expected status codes',
  maxRedirects: 'maximum redirects',
  challengeCountsAsDown: 'bot-protection blocks count as down',
  sendToken: 'identification header',
  checkToken: 'identification token',
  url: 'address',
  bodyContains: 'body must contain',
  bodyNotContains: 'body must not contain',
  secrets: 'headers or body',
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

/** `interval: 60 s → 30 s`; the name alone where the values are kept from the trail. */
export const changeText = ({ field, from, to }: AuditChange): string => {
  const name = fieldWords[field] ?? field;
  return from === undefined ? name : `${name}: ${valueText(field, from)} → ${valueText(field, to)}`;
};
