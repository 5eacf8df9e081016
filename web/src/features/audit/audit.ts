import type { AuditChange } from '../../../../worker/domain/teams/audit.ts';

/** Fields as the forms name them, in the middle of a sentence. */
const fieldWords: Record<string, string> = {
  intervalSeconds: 'interval',
  timeoutMs: 'timeout',
  degradedAboveMs: 'degraded above',
  degradedConfirmations: 'slow checks in a row',
  confirmations: 'failed checks in a row',
  recoveryConfirmations: 'good checks in a row',
  confirmationPeriodSeconds: 'wait before an outage',
  recoveryPeriodSeconds: 'wait before the all-clear',
  flappingChanges: 'flapping after more changes than',
  flappingWithinMinutes: 'flapping within',
  expectedStatus: 'expected status codes',
  maxRedirects: 'redirects followed',
  challengeCountsAsDown: 'bot protection counts as down',
  sendToken: 'identification header',
  checkToken: 'identification token',
  url: 'address',
  bodyContains: 'body must contain',
  bodyNotContains: 'body must not contain',
  secrets: 'headers or body',
  dependsOn: 'what it depends on',
  startsAt: 'begins',
  endsAt: 'ends',
  timeZone: 'time zone',
  rrule: 'repeats',
  skipped: 'skipped times',
  monitorIds: 'monitors',
  allMonitors: 'all monitors',
  pauseSeconds: 'pause before a repetition',
  remindEveryMinutes: 'reminder every',
  notifyOnAcknowledgement: 'notifies of acknowledgements',
  overrides: 'stand-ins',
  calendarUrl: 'address of the calendar',
  signingSecret: 'signing secret',
  bodyTemplate: 'body',
  escalationPolicyId: 'who is notified',
  runbookUrl: 'runbook address',
  severe: 'severe',
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
