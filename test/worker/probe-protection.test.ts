import { expect, test } from 'vitest';
import { markers } from '../../worker/checks/probes/protection.ts';
import { down, look, up } from './probing.ts';

/** Targets that answer as the bot protection of others does. */

type Headers = Record<string, string>;

const answer = (status: number, headers: Headers, body: string) =>
  `/answer?status=${status}&headers=${encodeURIComponent(JSON.stringify(headers))}&body=${encodeURIComponent(body)}`;

const html = { 'content-type': 'text/html; charset=UTF-8' };
const cloudflare = { server: 'cloudflare', 'cf-ray': '8f0c2d1a2b3c4d5e-FRA' };
const challenged = (status: number) => ({ health: 'unknown', reason: 'challenged', status });

const refusals: [vendor: string, what: string, status: number, headers: Headers, body: string][] = [
  [
    'Cloudflare',
    'challenge page',
    403,
    { ...cloudflare, ...html, 'cf-mitigated': 'challenge' },
    '<title>Just a moment...</title>',
  ],
  ['Cloudflare', 'challenge under another status', 429, { ...cloudflare, 'cf-mitigated': 'challenge' }, ''],
  [
    'Cloudflare',
    'challenge page without its header',
    503,
    { ...cloudflare, ...html },
    '<script>window._cf_chl_opt={cvId:"3"}</script>',
  ],
  ...[1006, 1007, 1008, 1009, 1010, 1020].map(
    (code) =>
      ['Cloudflare', `plain code ${code}`, 403, cloudflare, `error code: ${code}`] as [
        string,
        string,
        number,
        Headers,
        string,
      ],
  ),
  ['Cloudflare', 'rate limit', 429, cloudflare, 'error code: 1015'],
  [
    'Cloudflare',
    'page with a code',
    403,
    { ...cloudflare, ...html },
    `${'<meta name="x">'.repeat(20)}<h1>Error <span class="cf-error-code">1020</span></h1>`,
  ],
  ['Cloudflare', 'block page', 403, { ...cloudflare, ...html }, '<title>Attention Required! | Cloudflare</title>'],
  ['AWS WAF', 'challenge, which says 202', 202, { 'x-amzn-waf-action': 'challenge' }, ''],
  ['AWS WAF', 'CAPTCHA, which says 405', 405, { 'x-amzn-waf-action': 'captcha' }, ''],
  [
    'Vercel',
    'challenge',
    429,
    { server: 'Vercel', 'x-vercel-mitigated': 'challenge' },
    '<title>Vercel Security Checkpoint</title>',
  ],
  ['Vercel', 'denial', 403, { 'x-vercel-mitigated': 'deny' }, ''],
  ['DataDome', 'refusal of an API', 403, { 'x-datadome': 'protected', 'x-dd-b': '1' }, '{"url":"https://example.com"}'],
  [
    'DataDome',
    'page',
    403,
    html,
    '<p id="cmsg">Please enable JS</p><script src="https://ct.captcha-delivery.com/c.js"></script>',
  ],
  ['HUMAN', 'page', 403, html, '<title>Access to this page has been denied</title><div id="px-captcha"></div>'],
  [
    'HUMAN',
    'refusal of an API',
    403,
    {},
    '{"appId":"PXabcd1234","jsClientSrc":"/abcd1234/init.js","firstPartyEnabled":true}',
  ],
  [
    'Imperva',
    'page under 403',
    403,
    html,
    '<iframe src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=1">Request unsuccessful. Incapsula incident ID: 1-2</iframe>',
  ],
  [
    'Imperva',
    'page that says 200',
    200,
    { ...html, 'x-iinfo': '1-2-3', 'x-cdn': 'Imperva' },
    '<iframe src="/_Incapsula_Resource?CWUDNSAI=9">Request unsuccessful. Incapsula incident ID: 1</iframe>',
  ],
  ['Imperva', 'interruption', 405, html, '<title>Pardon Our Interruption</title>'],
  [
    'Akamai',
    'denial',
    403,
    { ...html, server: 'AkamaiGHost' },
    '<TITLE>Access Denied</TITLE> Reference&#32;&#35;18&#46;1a2b&#46;173 https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18',
  ],
  ['Akamai', 'challenge', 428, html, '<div id="sec-if-cpt-container"></div>'],
  [
    'Sucuri',
    'block page',
    403,
    { ...html, server: 'Sucuri/Cloudproxy' },
    '<title>Sucuri WebSite Firewall - Access Denied</title>',
  ],
  [
    'Sucuri',
    'challenge that says 200',
    200,
    { ...html, server: 'Sucuri/Cloudproxy' },
    '<script>var s={};sucuri_cloudproxy_js=1</script>',
  ],
  [
    'DDoS-Guard',
    'challenge',
    403,
    { ...html, server: 'ddos-guard' },
    '<title>DDOS-GUARD</title><script src="/.well-known/ddos-guard/js-challenge/index.js"></script>',
  ],
  ['Kasada', 'challenge', 429, { ...html, 'x-kpsdk-ct': '0abc' }, '<script src="/149e9513/ips.js"></script>'],
];

test.for(refusals)('%s: a %s is no outage', async ([, , status, headers, body]) => {
  expect(await look(answer(status, headers, body))).toMatchObject(challenged(status));
});

test('every vendor of the table is tried', () => {
  expect(new Set(markers.map(({ vendor }) => vendor))).toEqual(new Set(refusals.map(([vendor]) => vendor)));
});

test('it is down where the owner of the monitor chose that, with what was answered as evidence', async () => {
  const [, , status, headers, body] = refusals[0] as (typeof refusals)[number];
  const change = { challengeCountsAsDown: true, keepAnswer: true };
  const result = await look(answer(status, headers, body), change);
  expect(result).toMatchObject(down('challenged', status));
  expect(result.answer?.headers).toContainEqual({ name: 'cf-mitigated', value: 'challenge' });
  const page = await look(answer(403, cloudflare, 'error code: 1020'), change);
  expect(page).toMatchObject({ ...down('challenged', 403), answer: { body: 'error code: 1020' } });
});

test.for<[what: string, status: number, headers: Headers, body: string]>([
  ['of an application', 403, { server: 'nginx' }, 'Forbidden'],
  ['of an application behind Cloudflare', 403, { ...cloudflare, ...html }, '<h1>Forbidden</h1>'],
  [
    'that mentions a code in its text',
    403,
    { ...cloudflare, ...html },
    '<p>You may have seen error code: 1020 elsewhere.</p>',
  ],
  ['that gives the code of another', 403, { server: 'nginx' }, 'error code: 1020'],
  ['of another code', 403, cloudflare, 'error code: 1099'],
  ['behind DataDome', 403, { 'x-datadome': 'protected' }, '{"error":"forbidden"}'],
  ['with the sensor of HUMAN', 403, html, "<script>window._pxAppId='PXabcd'</script><h1>Members only</h1>"],
  [
    'with the script of Imperva',
    403,
    { ...html, 'x-iinfo': '1' },
    '<body><h1>No</h1></body><script src="/_Incapsula_Resource?SWJIYLWA=719d"></script>',
  ],
  [
    'with the detections of Cloudflare',
    403,
    { ...cloudflare, ...html },
    '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
  ],
  ['of a server of Akamai', 403, { server: 'AkamaiNetStorage' }, 'Access Denied'],
  ['that limits its rate', 429, { server: 'nginx' }, 'Too many requests'],
  ['of DDoS-Guard for its origin', 502, { server: 'ddos-guard' }, 'Bad gateway'],
])('an ordinary answer %s stays what it is', async ([, status, headers, body]) => {
  expect(await look(answer(status, headers, body))).toMatchObject(down('status', status));
  const { answer: kept } = await look(answer(status, headers, body), { keepAnswer: true });
  expect(kept?.body).toBe(body);
});

test('an expected status passes, also from a protection', async () => {
  const wall = answer(403, { ...cloudflare, 'cf-mitigated': 'challenge' }, 'error code: 1020');
  expect(await look(wall, { expectedStatus: '403' })).toMatchObject(up(403));
  expect(await look(wall, { expectedStatus: '403', bodyContains: '1020' })).toMatchObject(up(403));
});

test('a small page behind Imperva is read once, and an assertion still reads it', async () => {
  const page = answer(200, { ...html, 'x-iinfo': '1-2-3' }, '<h1>Welcome</h1>');
  expect(await look(page)).toMatchObject(up());
  expect(await look(page, { bodyContains: 'Welcome' })).toMatchObject(up());
  expect(await look(page, { bodyContains: 'Goodbye' })).toMatchObject(down('body', 200));
});

test('a refusal without a body is recognised by its headers', async () => {
  const wall = answer(403, { ...cloudflare, 'cf-mitigated': 'challenge' }, '');
  expect(await look(wall, { method: 'HEAD' })).toMatchObject(challenged(403));
  expect(await look(answer(403, cloudflare, 'error code: 1020'), { method: 'HEAD' })).toMatchObject(
    down('status', 403),
  );
});

test('a refusal behind a redirect is one', async () => {
  const wall = answer(403, { ...cloudflare, 'cf-mitigated': 'challenge' }, '');
  expect(await look(`/redirect-to?url=${encodeURIComponent(wall)}`)).toMatchObject(challenged(403));
});

test('a body that does not come is not waited for', async () => {
  const begun = Date.now();
  expect(await look('/drip?status=403', { timeoutMs: 30_000 })).toMatchObject(down('status', 403));
  expect(Date.now() - begun).toBeLessThan(10_000);
});
