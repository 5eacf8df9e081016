import { expect, test } from 'vitest';
import { addressProblem } from '../../../worker/alerts/outbox/address.ts';
import { createChannelSchema } from '../../../worker/commands/channels/channelInput.ts';
import { changeMonitorSchema, createMonitorSchema } from '../../../worker/contract/monitorInput.ts';
import { changeEscalationPolicySchema } from '../../../worker/domain/escalation/escalationPolicySchema.ts';
import { createReclassificationSchema } from '../../../worker/domain/history/reclassification.ts';
import { changeIncidentSchema, commentSchema } from '../../../worker/domain/incidents/incident.ts';
import { createMaintenanceSchema } from '../../../worker/domain/maintenance/maintenanceSchema.ts';
import { changeOnCallScheduleSchema } from '../../../worker/domain/onCall/onCallSchedule.ts';
import { changePersonSchema } from '../../../worker/domain/onCall/person.ts';
import { changeStatusPageSchema } from '../../../worker/domain/statusPages/statusPage.ts';
import { signUpInput } from '../../../worker/domain/teams/account.ts';
import { httpMonitor } from '../../httpMonitor.ts';

const url = 'https://example.com/';
const account = { email: 'ada@example.com', password: 'correct horse battery staple' };
const span = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z', as: 'up' };
const window = { startsAt: '2026-11-21T02:00', endsAt: '2026-11-21T03:00' };

type Parsed = { success: boolean; error?: { issues: { path: PropertyKey[]; message: string }[] } | undefined };

/** The problems of one field, wherever in the input it lies. */
const problemsAt = (path: string, parsed: Parsed): string[] =>
  (parsed.error?.issues ?? []).filter((issue) => issue.path.join('.').startsWith(path)).map(({ message }) => message);

const lines: Record<string, (text: unknown) => string[]> = {
  'a monitor': (name) => problemsAt('name', changeMonitorSchema.safeParse({ name })),
  'a new monitor': (name) => problemsAt('name', createMonitorSchema(true).safeParse(httpMonitor({ url, name }))),
  'a tag': (tag) => problemsAt('tags', createMonitorSchema(true).safeParse(httpMonitor({ url, tags: [tag] }))),
  'a channel': (name) =>
    problemsAt(
      'name',
      createChannelSchema({ allowPrivate: true, ownHosts: [] }).safeParse({ kind: 'webhook', name, settings: { url } }),
    ),
  'an escalation policy': (name) => problemsAt('name', changeEscalationPolicySchema.safeParse({ name })),
  'a person': (name) => problemsAt('name', changePersonSchema.safeParse({ name })),
  'a schedule': (name) => problemsAt('name', changeOnCallScheduleSchema.safeParse({ name })),
  'a status page': (name) => problemsAt('name', changeStatusPageSchema.safeParse({ name })),
  'a component': (name) =>
    problemsAt('publicNames', changeStatusPageSchema.safeParse({ publicNames: { mon_1: name } })),
  'a team': (teamName) => problemsAt('teamName', signUpInput.safeParse({ ...account, teamName })),
  'a maintenance window': (title) => problemsAt('title', createMaintenanceSchema.safeParse({ ...window, title })),
  'a tag of a maintenance window': (tag) =>
    problemsAt('tags', createMaintenanceSchema.safeParse({ ...window, title: 'a', tags: [tag] })),
};

const texts: Record<string, (text: unknown) => string[]> = {
  'a comment': (text) => problemsAt('text', commentSchema.safeParse({ text })),
  'a reason': (reason) => problemsAt('reason', createReclassificationSchema.safeParse({ ...span, reason })),
  'a cause': (cause) => problemsAt('cause', changeIncidentSchema.safeParse({ cause })),
  'a post-mortem': (postMortem) => problemsAt('postMortem', changeIncidentSchema.safeParse({ postMortem })),
};

const unclear: [what: string, text: string][] = [
  ['NUL', 'a\0b'],
  ['a bell', 'a\u0007b'],
  ['an escape', 'a\u001b[31mb'],
  ['a control character of Latin-1', 'a\u0085b'],
  ['half a surrogate pair', 'a\ud800'],
  ['the other half', '\udc00a'],
  ['a right-to-left override', 'a\u202eb'],
  ['an embedding', 'a\u202bb'],
  ['an isolate', 'a\u2066b'],
  ['a line separator', 'a\u2028b'],
];
const broken: [what: string, text: string][] = [
  ['two lines', 'a\nb'],
  ['a tab', 'a\tb'],
];
const invisible: [what: string, text: string][] = [
  ['nothing', ''],
  ['blanks', ' \t\n'],
  ['a space without width', '\u200b'],
  ['joiners', '\u200d\u2060'],
  ['a filler of Hangul', '\u3164'],
  ['the empty pattern of Braille', '\u2800 \u2800'],
  ['variation selectors', '\ufe0f'],
  ['tags', '\u{e0041}\u{e007f}'],
  ['a soft hyphen', '\u00ad'],
];

test.for([...unclear, ...broken, ...invisible])('%s is no name of anything', ([, text]) => {
  for (const [of, problems] of Object.entries(lines)) expect([of, problems(text).length]).toEqual([of, 1]);
});

test.for([
  ' Ada ',
  '田中',
  '🚨',
  '👩‍👩‍👧',
  'Złoty “night”, <b>',
  'שלום\u200f!',
  'مرحبا',
  'e\u0301',
  "'; DROP TABLE monitors; --",
  '__proto__',
])('%s is a name of anything', (text) => {
  for (const [of, problems] of Object.entries(lines)) expect([of, problems(text)]).toEqual([of, []]);
});

test.for(unclear)('%s is in no text of several lines', ([, text]) => {
  for (const [of, problems] of Object.entries(texts)) expect([of, problems(text).length]).toEqual([of, 1]);
});

test('texts of several lines hold line breaks and tabs', () => {
  for (const [of, problems] of Object.entries(texts)) expect([of, problems('a\r\n\tb\n')]).toEqual([of, []]);
});

test.for(invisible)('%s is no comment and no reason, and as a cause it is none', ([, text]) => {
  expect(texts['a comment']?.(text)).toHaveLength(1);
  expect(texts['a reason']?.(text)).toHaveLength(1);
  expect(changeIncidentSchema.parse({ cause: text, postMortem: text })).toEqual({ cause: null, postMortem: null });
});

test.for([...unclear, ...broken])('%s is in no address', ([, text]) => {
  const problems = problemsAt(
    'settings.url',
    createMonitorSchema(true).safeParse(httpMonitor({ url: `${url}${text}/x` })),
  );
  expect(problems).toHaveLength(1);
  expect(addressProblem(`${url}${text}/x`, { allowPrivate: true, ownHosts: [] })).not.toBeNull();
});

test('names lose the blanks around them, and say what is wrong', () => {
  expect(changePersonSchema.parse({ name: ' Ada ' })).toEqual({ name: 'Ada' });
  expect(lines['a person']?.(5)).toEqual(['Enter a name for the person.']);
  expect(lines['a person']?.('')).toEqual(['Enter a name for the person.']);
  expect(lines['a person']?.('a\nb')).toEqual([expect.stringContaining('on one line')]);
  expect(lines['a person']?.('x'.repeat(101))).toEqual(['A name can have at most 100 characters.']);
  expect(lines['a tag']?.('x'.repeat(33))).toEqual(['A tag can have at most 32 characters.']);
});
