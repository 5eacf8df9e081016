import { expect, test } from 'vitest';
import {
  channelDraftOf,
  channelInput,
  channelProblems,
  emptyChannel,
  keptDraft,
} from '../../../web/src/features/channels/channelDraft.ts';
import { quietDraftOf } from '../../../web/src/features/channels/quietDraft.ts';
import { escalationText } from '../../../web/src/features/escalation/alertLabels.ts';
import {
  escalationDraftOf,
  escalationInput,
  escalationProblems,
  moveStep,
} from '../../../web/src/features/escalation/escalationDraft.ts';
import { browserName } from '../../../web/src/lib/browserName.ts';
import { weekFromMonday, weeklyHoursText } from '../../../web/src/lib/weeklyHoursText.ts';
import type { ChannelKindView, ChannelView, EscalationPolicyView } from '../../../worker/contract/views.ts';
import type { QuietHours } from '../../../worker/domain/delivery/quietHours.ts';
import type { WeeklyHours } from '../../../worker/domain/time/weeklyHours.ts';

type Field = ChannelKindView['fields'][number];

const field = (name: string, given: Partial<Field>): Field => ({
  name,
  label: name,
  hint: null,
  placeholder: null,
  type: 'text',
  isSecret: false,
  showsOrigin: false,
  isRequired: false,
  default: null,
  options: null,
  ...given,
});

const webhook: ChannelKindView = {
  kind: 'webhook',
  label: 'Webhook',
  help: '',
  fields: [
    field('url', { isRequired: true, isSecret: true, showsOrigin: true }),
    field('method', { type: 'choice', default: 'POST', options: [{ value: 'POST', label: 'POST' }] }),
    field('headers', { type: 'record', isSecret: true, default: {} }),
    field('bodyTemplate', { type: 'multiline' }),
    field('signingSecret', { isSecret: true }),
  ],
  missing: null,
};

const pushover: ChannelKindView = {
  kind: 'pushover',
  label: 'Pushover',
  help: '',
  fields: [
    field('to', { type: 'list', isRequired: true }),
    field('repeats', { type: 'checkbox', default: false }),
    field('retrySeconds', { type: 'number', default: 60 }),
  ],
  missing: null,
};

const policy: EscalationPolicyView = {
  id: 'pol_1',
  name: 'Default',
  isDefault: true,
  tags: [],
  steps: [
    { afterSeconds: 0, targets: [{ type: 'channel', id: 'ops' }] },
    { afterSeconds: 600, targets: [{ type: 'channel', id: 'pager' }] },
  ],
  repeat: 0,
  pauseSeconds: 300,
  remindEveryMinutes: null,
  events: ['down', 'recovered'],
  notifyOnAcknowledgement: true,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};
const nameOf = ({ id }: { id: string }) => (id === 'ops' ? '#ops' : 'PagerDuty');

test('the form complains of what is needed, and of what is no number, and of nothing else', () => {
  expect(channelProblems(webhook, emptyChannel(webhook, 'UTC'))).toEqual({ 'settings.url': 'This field is required.' });
  const quiet = quietDraftOf(null, 'UTC');
  const draft = { name: ' ', quiet, settings: { to: ' \n', repeats: true, retrySeconds: 'soon' } };
  expect(channelProblems(pushover, draft)).toEqual({
    name: 'Enter a name for the channel.',
    'settings.to': 'This field is required.',
    'settings.retrySeconds': 'Enter a number.',
  });
});

test('empty fields have their defaults, lists are split into lines, and empty rows are dropped', () => {
  const draft = emptyChannel(webhook, 'UTC');
  draft.settings.url = ' https://example.com/hook ';
  draft.settings.headers = [
    { name: 'x-team', value: 'ops' },
    { name: '', value: '' },
  ];
  expect(channelInput(webhook, draft)).toEqual({
    name: 'Webhook',
    quietHours: null,
    settings: {
      url: 'https://example.com/hook',
      method: 'POST',
      headers: { 'x-team': 'ops' },
      bodyTemplate: null,
      signingSecret: null,
    },
  });
  const typed = {
    name: 'On duty',
    quiet: draft.quiet,
    settings: { to: 'ada\n grace, \n', repeats: true, retrySeconds: '' },
  };
  expect(channelInput(pushover, typed).settings).toEqual({ to: ['ada', 'grace'], repeats: true, retrySeconds: 60 });
});

test('a channel that is opened and saved again is sent as it came, masks included', () => {
  const settings = {
    url: 'https://example.com/hook',
    method: 'PUT',
    headers: { authorization: '••••••••' },
    bodyTemplate: '{"text": "{{title}}"}',
    signingSecret: '••••••••',
  };
  const quietHours: QuietHours = {
    timeZone: 'Europe/Berlin',
    hours: [{ days: ['mon'], from: '22:00', to: '07:00' }],
    exceptCritical: false,
  };
  const channel: ChannelView = {
    id: 'chn_1',
    kind: 'webhook',
    name: '#ops',
    settings,
    quietHours,
    failing: null,
    isGone: false,
    lastDeliveredAt: null,
    recipients: null,
    createdAt: policy.createdAt,
    updatedAt: policy.updatedAt,
  };
  expect(channelInput(webhook, channelDraftOf(webhook, channel, 'UTC'))).toEqual({
    name: '#ops',
    settings,
    quietHours,
  });
});

test.each([
  [policy, 'At once to #ops; after 10 min, unless acknowledged, to PagerDuty.'],
  [{ ...policy, steps: [] }, 'Nobody is notified.'],
  [
    { ...policy, steps: policy.steps.slice(1), repeat: 2, remindEveryMinutes: 30 },
    'After 10 min to PagerDuty. Then all steps 2 more times, 5 min after the last step. A reminder every 30 min while the monitor is down and the incident is not acknowledged.',
  ],
])('a policy is described in a sentence', (given, sentence) => {
  expect(escalationText(given, nameOf)).toBe(sentence);
});

test('the form of a policy gives back what it was made of', () => {
  const { steps, repeat, pauseSeconds, remindEveryMinutes, events, notifyOnAcknowledgement } = policy;
  const draft = escalationDraftOf(policy);
  expect(escalationInput(draft)).toEqual({
    name: 'Default',
    tags: [],
    steps,
    repeat,
    pauseSeconds,
    remindEveryMinutes,
    events,
    notifyOnAcknowledgement,
  });
  expect(escalationProblems(draft, false)).toEqual({});
});

test('a delay of any whole number of seconds is shown short, and saved as it was', () => {
  const step = (afterSeconds: number) => ({ afterSeconds, targets: [] });
  const draft = escalationDraftOf({ ...policy, steps: [step(10), step(90), step(86_399)] });
  expect(draft.steps.map(({ afterMinutes }) => afterMinutes)).toEqual(['0.1667', '1.5', '1439.9833']);
  for (let seconds = 0; seconds <= 86_400; seconds += 37)
    expect(escalationInput(escalationDraftOf({ ...policy, steps: [step(seconds)] })).steps[0]).toEqual(step(seconds));
});

test('a policy that has no steps already may stay without, and one that has some may not lose them', () => {
  const draft = escalationDraftOf({ ...policy, steps: [] });
  expect(escalationProblems(draft, true)).toEqual({});
  expect(escalationProblems(draft, false)).toEqual({ steps: expect.stringContaining('Add at least one') });
});

test('quiet hours complain at their fields, and only while they are on', () => {
  const draft = emptyChannel(pushover, 'UTC');
  draft.settings.to = 'ada';
  draft.quiet = { ...draft.quiet, isOn: true, hours: [{ days: [], from: '', to: '07:00' }] };
  expect(Object.keys(channelProblems(pushover, draft))).toEqual(['quietHours.hours.0.days', 'quietHours.hours.0.from']);
  draft.quiet = { ...draft.quiet, isOn: false };
  expect(channelProblems(pushover, draft)).toEqual({});
});

test.each([
  [[{ days: [...weekFromMonday], from: '22:00', to: '07:00' }], 'daily 22:00–07:00'],
  [
    [
      { days: ['mon', 'tue', 'wed'], from: '22:00', to: '07:00' },
      { days: ['sun', 'sat'], from: '00:00', to: '00:00' },
    ],
    'Mon–Wed 22:00–07:00, Sat, Sun 00:00–24:00',
  ],
] as [WeeklyHours[], string][])('weekly hours are told as %s', (hours, text) => {
  expect(weeklyHoursText(hours)).toBe(text);
});

test.each([
  ['0', ['ops'], 'steps.1.afterSeconds'],
  ['', ['ops'], 'steps.1.afterSeconds'],
  ['20', [], 'steps.1.targets'],
])('a second step after %s minutes that notifies %j is wrong at its field', (afterMinutes, ids, path) => {
  const draft = escalationDraftOf({
    ...policy,
    steps: [{ afterSeconds: 60, targets: [{ type: 'channel', id: 'a' }] }],
  });
  draft.steps.push({ afterMinutes, targets: ids.map((id) => ({ type: 'channel', id })) });
  expect(Object.keys(escalationProblems(draft, false))).toEqual([path]);
});

test('a step that moves leaves its delay behind, and one at the end stays', () => {
  const { steps } = escalationDraftOf(policy);
  const notified = (moved: typeof steps) => moved.map(({ afterMinutes, targets }) => [afterMinutes, targets[0]?.id]);
  expect(notified(moveStep(steps, 1, -1))).toEqual([
    ['0', 'pager'],
    ['10', 'ops'],
  ]);
  expect(moveStep(steps, 1, 1)).toEqual(steps);
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0',
    'Edge on Windows',
  ],
  ['Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36', 'Chrome on Android'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1',
    'Safari on iPhone',
  ],
  ['curl/8.5.0', 'Browser on this device'],
])('a browser that says %j is called %j', (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name);
});

test('the browser keeps no secret of a draft', () => {
  const headers = [{ name: 'Authorization', value: 'Bearer x' }];
  const quiet = quietDraftOf(null, 'UTC');
  const settings = { url: 'https://example.com/', method: 'PUT', headers, bodyTemplate: '', signingSecret: 'whsec_x' };
  expect(keptDraft(webhook, { name: 'Ops', settings, quiet })).toEqual({
    name: 'Ops',
    quiet,
    settings: { method: 'PUT', bodyTemplate: '' },
  });
});
