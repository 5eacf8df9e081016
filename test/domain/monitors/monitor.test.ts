import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { httpMethods } from '../../../worker/checks/kinds/http/definition.ts';
import {
  changedSettingsSchema,
  changeMonitorSchema,
  createMonitorSchema,
} from '../../../worker/contract/monitorInput.ts';
import { normalizeRegions, regions } from '../../../worker/domain/checks/region.ts';
import { intervalsSeconds } from '../../../worker/domain/checks/schedule.ts';
import { defaultPolicySettings, policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import { httpChange, httpMonitor } from '../../httpMonitor.ts';

const url = 'https://example.com/';
const problemsOf = (result: { success: boolean; error?: { issues: { path: PropertyKey[]; message: string }[] } }) =>
  (result.error?.issues ?? []).map((issue) => [issue.path.join('.'), issue.message]);
const created = (input: object) => problemsOf(createMonitorSchema(false).safeParse(httpMonitor({ url, ...input })));
const changed = (input: object) => {
  const { settings = {}, ...common } = httpChange(input);
  const inSettings = problemsOf(changedSettingsSchema('http', false).safeParse(settings));
  return [
    ...problemsOf(changeMonitorSchema.safeParse(common)),
    ...inSettings.map(([path, message]) => [`settings.${path}`, message]),
  ];
};

describe('creation', () => {
  test('fills in everything but URL and name', () => {
    expect(createMonitorSchema(false).parse(httpMonitor({ url }))).toEqual({
      kind: 'http',
      settings: {
        url,
        method: 'GET',
        headers: {},
        body: null,
        expectedStatus: '200-399',
        maxRedirects: 5,
        bodyContains: null,
        bodyNotContains: null,
        challengeCountsAsDown: false,
        sendToken: false,
      },
      timeoutMs: 10_000,
      intervalSeconds: 30,
      regions: ['enam', 'weur', 'apac'],
      degradedAboveMs: null,
      tags: [],
      dependsOn: [],
      escalationPolicyId: null,
      critical: false,
      runbookUrl: null,
      ...defaultPolicySettings,
    });
  });

  test('reads every sensible monitor, and its own result again as the same', () => {
    const anyMonitor = fc.record(
      {
        url: fc.webUrl({ authoritySettings: { withPort: true } }),
        name: fc.stringMatching(/^[\w ]{0,40}\w$/),
        method: fc.constantFrom(...httpMethods),
        headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,20}$/), fc.stringMatching(/^[ -~]{0,80}$/), {
          maxKeys: 5,
        }),
        timeoutMs: fc.integer({ min: 1_000, max: 10_000 }),
        intervalSeconds: fc.constantFrom(...intervalsSeconds),
        regions: fc.array(fc.constantFrom(...regions), { minLength: 1 }),
        expectedStatus: fc.constantFrom('200', '200-299, 404', '100-599'),
        maxRedirects: fc.integer({ min: 0, max: 10 }),
        degradedAboveMs: fc.option(fc.integer({ min: 1, max: 999 })),
        tags: fc.array(fc.stringMatching(/^[a-z]{1,32}$/), { maxLength: 20 }),
      },
      { requiredKeys: ['url'] },
    );
    const schema = createMonitorSchema(true);
    fc.assert(
      fc.property(anyMonitor, (input) => {
        const parsed = schema.parse(httpMonitor(input));
        expect(schema.parse(parsed)).toEqual(parsed);
        expect(parsed.regions).toEqual(normalizeRegions(parsed.regions));
        expect(new Set(parsed.tags).size).toBe(parsed.tags.length);
      }),
    );
  });

  test('says once per field what is wrong, for all of them together', () => {
    const problems = created({ url: ' ', timeoutMs: 0, intervalSeconds: 7, tags: [''], headers: { 'a b': 'x' } });
    expect(problems.map(([path]) => path).sort()).toEqual([
      'intervalSeconds',
      'settings.headers.a b',
      'settings.url',
      'tags.0',
      'timeoutMs',
    ]);
  });

  test('accepts private targets only where they are allowed', () => {
    const url = 'http://127.0.0.1:3000/';
    const input = httpMonitor({ url });
    expect(problemsOf(createMonitorSchema(false).safeParse(input))).toHaveLength(1);
    expect(createMonitorSchema(true).parse(input).settings.url).toBe(url);
  });

  test.each([
    ['two regions out of order and twice', { regions: ['oc', 'weur', 'oc'] }, { regions: ['weur', 'oc'] }],
    ['spaces around', { url: ` ${url} `, name: ' A ' }, { settings: { url }, name: 'A' }],
    ['repeated tags', { tags: ['a', ' a', 'b'] }, { tags: ['a', 'b'] }],
  ])('tidies %s', (_, input, expected) => {
    expect(createMonitorSchema(false).parse(httpMonitor({ url, ...input }))).toMatchObject(expected);
  });
});

describe('headers', () => {
  test.each([
    'Host',
    'content-length',
    'CONNECTION',
    'Transfer-Encoding',
    'cf-worker',
    'X-Real-IP',
    'CF-Connecting-IP',
    'CDN-Loop',
  ])('%s cannot be chosen', (name) => {
    expect(created({ headers: { [name]: 'x' } })).toEqual([
      [`settings.headers.${name}`, 'The platform sets this header, so it cannot be chosen.'],
    ]);
  });

  test('tokens of Cloudflare Access can be sent', () => {
    expect(created({ headers: { 'CF-Access-Client-Id': 'a.access', 'CF-Access-Client-Secret': 'b' } })).toEqual([]);
  });

  test('no control character gets into a value, and no separator into a name', () => {
    const control = fc.integer({ min: 0, max: 31 }).filter((code) => code !== 9);
    fc.assert(
      fc.property(fc.string(), control, fc.string(), (before, code, after) => {
        expect(created({ headers: { 'X-A': before + String.fromCharCode(code) + after } })).toHaveLength(1);
      }),
    );
    for (const separator of '\r\n\0 :;,/()<>@[]?={}"\\')
      expect([separator, created({ headers: { [`X${separator}A`]: 'x' } }).length]).toEqual([separator, 1]);
  });

  test('33 headers are too many', () => {
    const headers = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`X-${i}`, 'x']));
    expect(created({ headers })).toEqual([['settings.headers', 'At most 32 headers.']]);
  });

  test.each([[['a']], ['a'], [5], [null]])('%j is no set of headers', (headers) => {
    expect(created({ headers })).toEqual([['settings.headers', 'Headers must be an object of names and values.']]);
  });
});

describe('a body', () => {
  test.each(httpMethods)('with %s', (method) => {
    const message = `A ${method} request cannot have a body.`;
    const expected = method === 'GET' || method === 'HEAD' ? [['settings.body', message]] : [];
    expect(created({ method, body: 'x' })).toEqual(expected);
    expect(changed({ method, body: 'x' })).toEqual(expected);
    expect(created({ method, body: null })).toEqual([]);
  });

  test('of an answer to HEAD cannot be looked into', () => {
    const message = 'A response to HEAD has no body to check. Choose GET.';
    const input = { method: 'HEAD', bodyContains: 'a', bodyNotContains: 'b' };
    const expected = [
      ['settings.bodyContains', message],
      ['settings.bodyNotContains', message],
    ];
    expect(created(input)).toEqual(expected);
    expect(changed(input)).toEqual(expected);
  });
});

describe('a change', () => {
  test('is any part, without defaults for the rest', () => {
    expect(changeMonitorSchema.parse({})).toEqual({});
    expect(changeMonitorSchema.parse({ name: 'A' })).toEqual({ name: 'A' });
    expect(changedSettingsSchema('http', false).parse({ method: 'PUT' })).toEqual({ method: 'PUT' });
  });

  test('follows the rules of creation', () => {
    expect(changed({ url: 'http://localhost/' })[0]?.[0]).toBe('settings.url');
    expect(changed({ intervalSeconds: 7 })[0]?.[0]).toBe('intervalSeconds');
    expect(changed({ kind: 'http' })).toHaveLength(1);
    expect(changed({ verdict: 'up' })).toHaveLength(1);
  });
});

test('the policy of a monitor is that most of its regions agree', () => {
  expect(policyOf(['weur', 'oc'])).toMatchObject({ regions: ['weur', 'oc'], quorum: 'majority' });
});
