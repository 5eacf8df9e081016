import { expect, test } from 'vitest';
import { contradictionsOf, createMonitorSchema, newContradictions } from '../../../worker/contract/monitorInput.ts';
import { httpChange, httpMonitor } from '../../httpMonitor.ts';

test.each<[what: string, input: object, path: string | null]>([
  ['a redirect is expected and followed', { expectedStatus: '302', maxRedirects: 5 }, 'settings.expectedStatus'],
  [
    'any redirect is expected and followed',
    { expectedStatus: '301-303, 307, 308', maxRedirects: 1 },
    'settings.expectedStatus',
  ],
  ['a redirect is expected and not followed', { expectedStatus: '302', maxRedirects: 0 }, null],
  ['a redirect or a page is expected', { expectedStatus: '302, 404', maxRedirects: 5 }, null],
  ['a 304 is among what is expected', { expectedStatus: '300-399', maxRedirects: 5 }, null],
  ['only an interim answer is expected', { expectedStatus: '100-199' }, 'settings.expectedStatus'],
  ['only the lack of an origin is expected', { expectedStatus: '520-527, 530' }, 'settings.expectedStatus'],
  ['a redirect or nothing is expected', { expectedStatus: '101, 302', maxRedirects: 1 }, 'settings.expectedStatus'],
  ['a text in an answer without a body', { expectedStatus: '204', bodyContains: 'ok' }, 'settings.bodyContains'],
  [
    'a text behind a redirect, or in nothing',
    { expectedStatus: '204,302', maxRedirects: 1, bodyContains: 'ok' },
    'settings.bodyContains',
  ],
  ['a text in an answer that may have a body', { expectedStatus: '200, 204', bodyContains: 'ok' }, null],
  ['no text in an answer without a body', { expectedStatus: '204', bodyNotContains: 'error' }, null],
  ['one text within the other', { bodyContains: 'no error', bodyNotContains: 'error' }, 'settings.bodyNotContains'],
  ['the same text', { bodyContains: 'ok', bodyNotContains: 'ok' }, 'settings.bodyNotContains'],
  ['the other within the one', { bodyContains: 'error', bodyNotContains: 'no error' }, null],
  ['the same text in other letters', { bodyContains: 'OK', bodyNotContains: 'ok' }, null],
  ['no text', { bodyContains: '', bodyNotContains: '' }, null],
  ['a text in a HEAD', { method: 'HEAD', bodyContains: 'ok' }, 'settings.bodyContains'],
  ['an unwanted text in a HEAD', { method: 'HEAD', bodyNotContains: 'ok' }, 'settings.bodyNotContains'],
  ['a body of a GET', { method: 'GET', body: 'a' }, 'settings.body'],
  ['a timeout beyond the interval', { timeoutMs: 10_001, intervalSeconds: 10 }, 'timeoutMs'],
  ['a timeout as long as the interval', { timeoutMs: 10_000, intervalSeconds: 10 }, null],
  ['slower than the timeout', { degradedAboveMs: 10_001, timeoutMs: 10_000 }, 'degradedAboveMs'],
  ['as slow as the timeout', { degradedAboveMs: 10_000, timeoutMs: 10_000 }, 'degradedAboveMs'],
  ['quicker than the timeout', { degradedAboveMs: 9_999, timeoutMs: 10_000 }, null],
  ['more regions than there are', { quorum: 3, regions: ['a', 'b'] }, 'quorum'],
  ['nothing', {}, null],
])('%s', (_, input, path) => {
  expect(contradictionsOf('http', httpChange(input)).map((problem) => problem.path)).toEqual(
    path === null ? [] : [path],
  );
});

test('a stored contradiction stays until somebody changes part of it', () => {
  const stored = { expectedStatus: '302', maxRedirects: 5, timeoutMs: 60_000, intervalSeconds: 30 };
  const monitor = (change: object) => ({ ...httpChange({ ...stored, ...change }), kind: 'http' as const });
  expect(newContradictions(monitor({}), monitor({ bodyContains: 'ok' }))).toEqual([]);
  const pathsOf = (change: object) => newContradictions(monitor({}), monitor(change)).map(({ path }) => path);
  expect(pathsOf({ expectedStatus: '301' })).toEqual(['settings.expectedStatus']);
  expect(pathsOf({ maxRedirects: 3 })).toEqual(['settings.expectedStatus']);
  expect(pathsOf({ maxRedirects: 0 })).toEqual([]);
  expect(pathsOf({ intervalSeconds: 20 })).toEqual(['timeoutMs']);
  expect(pathsOf({ timeoutMs: 20_000 })).toEqual([]);
});

test('a new monitor with nothing but an address and the shortest interval contradicts nothing', () => {
  const schema = createMonitorSchema(false);
  expect(schema.safeParse(httpMonitor({ url: 'https://example.com', intervalSeconds: 10 })).success).toBe(true);
  const problem = schema.safeParse(httpMonitor({ url: 'https://example.com', expectedStatus: '302' })).error?.issues[0];
  expect([problem?.path, problem?.message]).toEqual([
    ['settings', 'expectedStatus'],
    expect.stringContaining('Maximum redirects'),
  ]);
});
