import { expect, test } from 'vitest';
import { changeText } from '../../../web/src/features/audit/audit.ts';
import { chartData, summarize } from '../../../web/src/features/monitors/chartData.ts';
import { emptyDraft, hostHint, inputOf, problemsOf } from '../../../web/src/features/monitors/monitorDraft.ts';
import { appendTicks } from '../../../web/src/features/monitors/ticks.ts';
import { duration, percent } from '../../../web/src/lib/format.ts';
import { withScheme } from '../../../worker/checks/kinds/http/definition/address.ts';
import { createMonitorSchema } from '../../../worker/contract/monitorInput.ts';
import type { TickView } from '../../../worker/contract/views.ts';

const start = Date.parse('2026-01-31T12:00:00Z');

const tick = (region: TickView['region'], seconds: number, change: Partial<TickView> = {}): TickView => ({
  monitorId: 'mon_1',
  region,
  outcome: 'up',
  reason: 'ok',
  status: 200,
  latencyMs: 100,
  dataCentre: null,
  scheduledAt: new Date(start + seconds * 1000).toISOString(),
  startedAt: new Date(start + seconds * 1000 + 20).toISOString(),
  ...change,
});

test('regions that check at different moments share the points of one axis, and gaps stay gaps', () => {
  const ticks = [tick('enam', 0), tick('weur', 10, { latencyMs: 40 }), tick('enam', 90, { latencyMs: 70 })];
  const { times, latencies } = chartData(ticks, ['enam', 'weur'], 30);
  expect(times).toEqual([0, 30, 60, 90].map((seconds) => start / 1000 + seconds));
  expect(latencies).toEqual([
    [100, null, null, 70],
    [40, null, null, null],
  ]);
});

test('a failure is a mark in the chart and no latency', () => {
  const { latencies, failures } = chartData([tick('enam', 0, { outcome: 'down', latencyMs: 10_000 })], ['enam'], 30);
  expect({ latencies, failures }).toEqual({ latencies: [[null]], failures: [[true]] });
});

test('the summary counts failures and takes quantiles of answers only', () => {
  const answers = Array.from({ length: 20 }, (_, i) => tick('enam', i * 30, { latencyMs: i + 1 }));
  const ticks = [...answers, tick('enam', 600, { outcome: 'down', latencyMs: 10_000 })];
  expect(summarize(ticks, ['enam', 'oc'])).toEqual([
    { region: 'enam', checks: 21, failures: 1, medianMs: 10, p95Ms: 19, slowestMs: 20 },
    { region: 'oc', checks: 0, failures: 0, medianMs: null, p95Ms: null, slowestMs: null },
  ]);
});

test('a tick that arrives twice is shown once, and a late one in its place', () => {
  const known = [tick('enam', 0), tick('enam', 30)];
  expect(appendTicks(known, [tick('enam', 30)])).toBe(known);
  expect(appendTicks(known, [tick('weur', 10)]).map((t) => t.region)).toEqual(['enam', 'weur', 'enam']);
});

test('however many ticks arrive again, none is shown twice', () => {
  const known = Array.from({ length: 600 }, (_, i) => tick('enam', i * 10));
  expect(appendTicks(known, structuredClone(known.slice(50, 550)))).toBe(known);
  expect(appendTicks([], [...known, ...structuredClone(known)])).toEqual(known);
});

test.each([
  ['example.com', 'https://example.com'],
  [' example.com/a ', 'https://example.com/a'],
  ['//example.com', 'https://example.com'],
  ['example.com:8443/a', 'https://example.com:8443/a'],
  ['http://example.com', 'http://example.com'],
  ['localhost:3000', 'http://localhost:3000'],
  ['127.0.0.1', 'http://127.0.0.1'],
  ['localhost.example.com', 'https://localhost.example.com'],
  ['javascript:alert(1)', 'javascript:alert(1)'],
  ['', ''],
])('the typed address %j becomes %j', (typed, completed) => {
  expect(withScheme(typed)).toBe(completed);
});

test.each([
  [0, 'a moment'],
  [1_000, '1 second'],
  [125_000, '2 minutes 5 seconds'],
  [7_500_000, '2 hours 5 minutes'],
  [172_800_000, '2 days'],
])('%d ms are %j', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('an outage never displays as 100 %, and no data is not 0 %', () => {
  expect([percent(99.999), percent(100), percent(0), percent(null)]).toEqual(['99.99 %', '100 %', '0.00 %', '–']);
});

const draftFor = (url: string, settings: object = {}) => {
  const draft = emptyDraft();
  return { ...draft, settings: { ...draft.settings, url, ...settings } };
};

test('an untouched form with an address is what the API would default to', () => {
  const given = { kind: 'http', settings: { url: 'https://example.com/' } };
  expect(inputOf(draftFor('https://example.com/'))).toEqual(createMonitorSchema(false).parse(given));
});

test('the address complains although other fields are wrong as well', () => {
  const problems = problemsOf({ ...draftFor('ftp://example.com/'), timeoutSeconds: 'soon' });
  expect(Object.keys(problems).sort()).toEqual(['settings.url', 'timeoutMs']);
});

test('a header that the platform sets is refused at its own row', () => {
  const draft = draftFor('https://example.com/', { headers: [{ name: 'Host', value: 'x' }] });
  expect(Object.keys(problemsOf(draft))).toEqual(['settings.headers.Host']);
});

test('two headers of one name in different case are refused rather than merged', () => {
  const headers = ['X-A', 'x-a'].map((name) => ({ name, value: '1' }));
  expect(problemsOf(draftFor('https://example.com/', { headers }))).toEqual({
    'settings.headers': 'Two headers have the same name.',
  });
});

test('a private target is a hint in the form, because the API decides', () => {
  expect(problemsOf(draftFor('http://localhost/'))).toEqual({});
  expect(hostHint(draftFor('http://localhost/'))).toContain('localhost');
  expect(hostHint(draftFor('https://example.com/'))).toBeUndefined();
});

test('the audit log calls settings as the form of their kind does', () => {
  expect(changeText({ field: 'expectedStatus', from: '200', to: '200-299' })).toBe(
    'expected status codes: 200 → 200-299',
  );
  expect(changeText({ field: 'bodyContains' })).toBe('body must contain');
  expect(changeText({ field: 'secrets' })).toBe('headers or body');
  expect(changeText({ field: 'timeoutMs', from: 1_000, to: 2_000 })).toBe('timeout: 1000 ms → 2000 ms');
});
