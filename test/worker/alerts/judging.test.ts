import { describe, expect, test } from 'vitest';
import { judgeAnswer } from '../../../worker/alerts/answers/judge.ts';
import type { Judgement } from '../../../worker/alerts/answers/vendorAnswers.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { type ChannelKind, channelKinds } from '../../../worker/domain/delivery/channelKind.ts';
import { vendors } from './vendors.ts';

const now = Date.UTC(2026, 10, 21, 12);

interface Given {
  status: number;
  body?: string | object;
  headers?: Record<string, string>;
  isCut?: boolean;
}

const judge = (kind: ChannelKind, { status, body = '', headers = {}, isCut = false }: Given): Judgement => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = { status, headers: new Headers(headers), body: text, isCut };
  return judgeAnswer(answer, channels[kind].answers ?? null, now);
};

const signInPage = {
  body: '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the Wi-Fi</body></html>',
  headers: { 'content-type': 'text/html; charset=utf-8' },
};

/** Kinds whose vendor has an answer of its own for success. */
const confirming = channelKinds.filter((kind) => kind !== 'webhook');
/** A message that comes twice is the same incident, mail or notification there. */
const merging: readonly ChannelKind[] = ['email', 'pagerduty', 'incident-io', 'web-push'];

describe.each(confirming)('%s', (kind) => {
  const { status, body = '' } = vendors[kind].accepts;

  test('counts the documented answer as delivered, and the same one cut off does not', () => {
    expect(judge(kind, { status, body })).toMatchObject({ state: 'delivered', problem: null });
    expect(judge(kind, { status, body, isCut: true })).toMatchObject({
      state: 'transient',
      problem: expect.stringContaining('was cut off'),
    });
  });

  test.each<[what: string, given: Given]>([
    ['a page to sign in', { status: 200, ...signInPage }],
    ['a page to sign in with the right status', { status, ...signInPage }],
    ['a page that is not called one', { status, body: ' <html lang="en"><p>Sign in' }],
    ['JSON of somebody else', { status: 200, body: { hello: 'world' } }],
    ['a list', { status: 200, body: [] }],
    ['null', { status: 200, body: 'null' }],
    ['another word', { status: 200, body: 'okay' }],
    ['a status of success that is not documented', { status: 203, body: 'Fine.' }],
    ['nothing to say', { status: 204 }],
  ])('never counts %s as delivered; what people would see twice is repeated twice at most', (_, given) => {
    expect(judge(kind, given)).toMatchObject({
      ...{ state: 'transient', repeatsAtMost: merging.includes(kind) ? null : 2, isGone: false },
      problem: expect.stringMatching(/^[A-Z].+\.$/),
    });
  });

  test('says that a web page answered', () => {
    expect(judge(kind, { status: 200, ...signInPage }).problem).toMatch(/web page .* sign/);
  });
});

test.each([200, 201, 202, 204, 299])('a webhook of one’s own says by %d alone that a message arrived', (status) => {
  expect(judge('webhook', { status, ...signInPage })).toMatchObject({ state: 'delivered', problem: null });
});

test.each<[kind: ChannelKind, given: Given]>([
  ['teams', { status: 200, body: '1' }],
  ['teams', { status: 200, body: '{"any":"answer of the flow"}', headers: { 'x-ms-workflow-run-id': '0858' } }],
  ['web-push', { status: 200 }],
  ['web-push', { status: 202 }],
  ['slack', { status: 200, body: 'ok\n' }],
])('%s: %j means delivered as well', (kind, given) => {
  expect(judge(kind, given).state).toBe('delivered');
});

const telegram = (error_code: number, description: string, parameters?: object) => ({
  ...{ ok: false, error_code, description: description },
  ...(parameters && { parameters }),
});
const teamsError = (code: string, message = '') => ({ error: { code, message } });
const google = (code: number, status: string, message = '') => ({ error: { code, status, message } });
const mattermost = (id: string, status_code: number) => ({ id, message: 'x', request_id: 'y', status_code });
const twilio = (code: number, status: number) => ({ code, message: 'x', more_info: 'https://www.twilio.com', status });

test.each<[kind: ChannelKind, status: number, body: string | object, says: RegExp]>([
  ['slack', 403, 'action_prohibited', /does not allow this webhook .* administrator/],
  ['slack', 410, 'channel_is_archived', /archived\. Unarchive/],
  ['slack', 404, 'channel_not_found', /deleted/],
  ['slack', 404, 'no_service', /removed or disabled .* new webhook/],
  ['slack', 404, 'no_team', /no longer exists/],
  ['slack', 403, 'invalid_token', /does not recognize this webhook/],
  ['slack', 400, 'invalid_payload', /could not read the message/],
  ['slack', 400, 'no_text', /no text/],
  ['slack', 400, 'posting_to_general_channel_denied', /general channel/],
  ['slack', 200, 'no_active_hooks', /disabled in Slack/],
  ['telegram', 403, telegram(403, 'Forbidden: bot was blocked by the user'), /blocked the bot\. They have to unblock/],
  ['telegram', 403, telegram(403, 'Forbidden: bot was kicked from the supergroup chat'), /removed from the group/],
  ['telegram', 403, telegram(403, 'Forbidden: bot is not a member of the channel chat'), /not a member/],
  ['telegram', 403, telegram(403, "Forbidden: bot can't initiate conversation with a user"), /message first/],
  ['telegram', 403, telegram(403, 'Forbidden: user is deactivated'), /account of the recipient was deleted/],
  ['telegram', 400, telegram(400, 'Bad Request: chat not found'), /has no chat with this id/],
  ['telegram', 400, telegram(400, 'Bad Request: not enough rights to send text messages to the chat'), /may not post/],
  ['telegram', 400, telegram(400, 'Bad Request: message thread not found'), /topic was deleted/],
  [
    'telegram',
    400,
    telegram(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -1001234 }),
    /supergroup: its chat id is now -1001234\./,
  ],
  ['telegram', 200, telegram(400, 'Bad Request: chat not found'), /has no chat with this id/],
  ['telegram', 200, telegram(400, 'Bad Request: something new'), /rejected the message/],
  ['telegram', 401, telegram(401, 'Unauthorized'), /bot token.*BotFather/],
  ['telegram', 404, telegram(404, 'Not Found'), /bot token\. .*BotFather/],
  ['discord', 404, { message: 'Unknown Webhook', code: 10015 }, /deleted in Discord\. Create a new one/],
  ['discord', 404, { message: 'Unknown Channel', code: 10003 }, /channel was deleted/],
  ['discord', 401, { message: 'Invalid Webhook Token', code: 50027 }, /token at the end/],
  ['discord', 400, { message: 'Cannot send an empty message', code: 50006 }, /no text/],
  ['teams', 400, teamsError('WorkflowTriggerIsNotEnabled', "… in state 'Disabled'"), /turned off\. Turn it on/],
  ['teams', 400, teamsError('WorkflowTriggerIsNotEnabled', "the state 'Deleted'"), /was deleted/],
  ['teams', 404, teamsError('WorkflowNotFound'), /was deleted\. Create a workflow/],
  ['teams', 401, teamsError('DirectApiAuthorizationRequired'), /“Anyone”/],
  ['teams', 401, teamsError('AuthorizationFailed'), /signature .* Copy the address/],
  ['teams', 410, 'connector removed', /no longer exists\. Create a workflow/],
  ['teams', 200, 'Webhook message delivery failed with error: HTTP error 400', /rejected the message/],
  ['google-chat', 401, google(401, 'UNAUTHENTICATED'), /token .* no longer valid/],
  ['google-chat', 400, google(400, 'INVALID_ARGUMENT', 'API key not valid.'), /key .* not valid/],
  ['google-chat', 403, google(403, 'PERMISSION_DENIED'), /was removed, or an administrator/],
  ['google-chat', 404, google(404, 'NOT_FOUND'), /space or its webhook was deleted/],
  ['mattermost', 400, mattermost('web.incoming_webhook.invalid.app_error', 400), /does not recognize this webhook/],
  ['mattermost', 501, mattermost('web.incoming_webhook.disabled.app_error', 501), /turned off .* administrator/],
  ['mattermost', 404, mattermost('web.incoming_webhook.channel.app_error', 404), /channel .* deleted/],
  ['mattermost', 403, mattermost('web.incoming_webhook.permissions.app_error', 403), /may not post/],
  [
    'pagerduty',
    400,
    { status: 'invalid event', message: 'Event object is invalid', errors: ["Length of 'routing_key' is incorrect"] },
    /integration key/,
  ],
  ['pagerduty', 400, { status: 'invalid event', message: 'Event object is invalid', errors: ['x'] }, /as invalid/],
  ['incident-io', 401, { type: 'authentication_error', status: 401 }, /does not recognize this token/],
  ['incident-io', 404, { type: 'not_found', status: 404 }, /source was deleted/],
  ['incident-io', 422, { type: 'validation_error', status: 422 }, /could not read/],
  ['pushover', 400, { token: 'invalid', errors: ['application token is invalid'], status: 0 }, /application token/],
  [
    'pushover',
    400,
    { user: 'invalid', errors: ['user identifier is not a valid user, group, or subscribed user key'], status: 0 },
    /user or group key/,
  ],
  ['pushover', 400, { user: 'invalid', errors: ['user has no active devices to send to'], status: 0 }, /active device/],
  ['pushover', 200, { status: 0, errors: ['user identifier is invalid'] }, /user or group key/],
  ['ntfy', 401, { code: 40101, http: 401, error: 'unauthorized' }, /access token/],
  ['ntfy', 403, { code: 40301, http: 403, error: 'forbidden' }, /topic is protected/],
  ['gotify', 401, { error: 'Unauthorized', errorCode: 401 }, /application token/],
  ['twilio', 400, twilio(21211, 400), /number is not valid.*21211\.$/],
  ['twilio', 400, twilio(21608, 400), /trial account/],
  ['twilio', 400, twilio(21610, 400), /opted out .* START/],
  ['twilio', 401, twilio(20003, 401), /account SID and token/],
  ['twilio', 400, twilio(30007, 400), /spam/],
  ['twilio', 201, { sid: 'SM1', status: 'failed', error_code: 30034 }, /10DLC/],
  ['twilio', 201, { sid: 'SM1', status: 'failed', error_code: 12 }, /could not send/],
  ['web-push', 400, { reason: 'VapidPkHashMismatch' }, /keys that Pharos no longer uses.* “Notify this browser”/],
  ['web-push', 400, 'UnauthorizedRegistration', /keys that Pharos no longer uses/],
  ['web-push', 401, { code: 401, errno: 109, message: 'VAPID public key mismatch' }, /keys that Pharos no longer uses/],
  [
    'web-push',
    403,
    'the VAPID credentials in the authorization header do not correspond to …',
    /keys that Pharos no longer uses/,
  ],
  ['web-push', 403, { reason: 'BadJwtToken' }, /VAPID_SUBJECT/],
  ['web-push', 413, '', /too long/],
  ['email', 403, { name: 'validation_error', message: 'The pharos.test domain is not verified.' }, /not verified/],
  [
    'email',
    403,
    { name: 'validation_error', message: 'You can only send testing emails to your own email address' },
    /[Uu]ntil a domain is verified/,
  ],
  ['email', 401, { name: 'validation_error', message: 'API key is invalid' }, /API key.*RESEND_API_KEY/],
  ['email', 403, { name: 'invalid_api_key', message: 'API key is invalid' }, /API key/],
  ['email', 409, { name: 'invalid_idempotent_request' }, /before, with other settings/],
  ['webhook', 401, '', /credentials \(HTTP 401\)/],
  ['webhook', 404, '', /at this address \(HTTP 404\)/],
])('%s: %d with %j says what happened and what to do', (kind, status, body, says) => {
  const judged = judge(kind, { status, body });
  expect(judged).toMatchObject({ state: 'permanent', retryAfterMs: null });
  expect(judged.problem).toMatch(says);
  expect(judged.problem).toMatch(/^[A-Z].+\.$/);
  expect(judged.problem).not.toContain('token is refused');
});

test.each<[kind: ChannelKind, status: number, body: string | object]>([
  ['slack', 500, 'rollup_error'],
  ['telegram', 502, '<html>Bad Gateway</html>'],
  ['telegram', 200, telegram(500, 'Internal Server Error')],
  ['teams', 200, 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429'],
  ['teams', 502, 'the credentials of the upstream'],
  ['mattermost', 500, mattermost('web.incoming_webhook.channel.app_error', 500)],
  ['pushover', 500, { status: 0, errors: ['internal error'] }],
  ['pushover', 429, { status: 0, errors: ['application has exceeded its message limit'] }],
  ['ntfy', 429, { code: 42908, http: 429, error: 'limit reached: daily message quota reached' }],
  ['ntfy', 507, { code: 50701, http: 507, error: 'cannot publish to UnifiedPush topic' }],
  ['twilio', 429, twilio(20429, 429)],
  ['twilio', 201, { sid: 'SM1', status: 'queued', error_code: 30003 }],
  ['web-push', 406, ''],
  ['email', 409, { name: 'concurrent_idempotent_requests' }],
  ['email', 429, { name: 'daily_quota_exceeded' }],
  ['webhook', 508 - 8, ''],
])('%s: %d with %j passes by itself', (kind, status, body) => {
  const judged = judge(kind, { status, body });
  expect(judged).toMatchObject({ state: 'transient', repeatsAtMost: null });
  expect(judged.problem).toMatch(/^[A-Z].+\.$/);
});

test.each<[kind: ChannelKind, status: number, isGone: boolean]>([
  ['web-push', 404, true],
  ['web-push', 410, true],
  ['web-push', 403, false],
  ['web-push', 500, false],
  ['slack', 404, false],
  ['webhook', 410, false],
])('%s: after %d nothing will arrive there again: %s', (kind, status, isGone) => {
  expect(judge(kind, { status }).isGone).toBe(isGone);
});

const inHour = 3_600_000;

describe.each(channelKinds)('how long %s asks to wait', (kind) => {
  test.each<[header: string, ms: number | null]>([
    ['7', 7_000],
    ['45.5', 45_500],
    ['1.5', 1_500],
    ['60.0', 60_000],
    ['0', 0],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['Sat, 28 Nov 2026 12:00:00 GMT', inHour],
    ['-5', null],
    ['999999', inHour],
    ['99999999999999999999', inHour],
    ['soon', null],
  ])('Retry-After: %s', (header, ms) => {
    for (const status of [429, 503])
      expect(judge(kind, { status, headers: { 'retry-after': header } })).toMatchObject({
        state: 'transient',
        retryAfterMs: ms,
      });
  });

  test.each<[name: string, value: string, ms: number | null]>([
    ['x-ratelimit-reset-after', '0.65', 650],
    ['x-ratelimit-reset', String(now / 1000 + 12.5), 12_500],
    ['x-ratelimit-reset', '12', 12_000],
    ['ratelimit-reset', '12', 12_000],
    ['x-limit-app-reset', String(now / 1000 + 90_000), inHour],
    ['x-ratelimit-reset', 'never', null],
  ])('%s: %s counts with 429 alone', (name, value, ms) => {
    expect(judge(kind, { status: 429, headers: { [name]: value } }).retryAfterMs).toBe(ms);
    expect(judge(kind, { status: 503, headers: { [name]: value } }).retryAfterMs).toBeNull();
  });
});

test.each<[kind: ChannelKind, body: object, ms: number | null]>([
  ['discord', { message: 'You are being rate limited.', retry_after: 0.65, global: false }, 650],
  ['discord', { message: 'You are being rate limited.', retry_after: 64.57, global: true }, 64_570],
  ['discord', { retry_after: '45.5' }, 45_500],
  ['discord', { retry_after: -1 }, 9_000],
  ['discord', { retry_after: 1e12 }, inHour],
  ['discord', { retry_after: null }, 9_000],
  ['telegram', telegram(429, 'Too Many Requests: retry after 31', { retry_after: 31 }), 31_000],
  ['telegram', telegram(429, 'Too Many Requests', {}), 9_000],
  ['google-chat', { error: { code: 429, details: [{ '@type': 'x' }, { retryDelay: '3.5s' }] } }, 3_500],
  ['google-chat', { error: { code: 429, details: 'none' } }, 9_000],
  ['incident-io', { type: 'too_many_requests', rate_limit: { retry_after: '2026-11-21T12:00:45Z' } }, 45_000],
  ['slack', { retry_after: 1 }, 9_000],
])('%s: 429 with %j is waited for', (kind, body, ms) => {
  expect(judge(kind, { status: 429, body, headers: { 'retry-after': '9' } }).retryAfterMs).toBe(ms);
});

test('a receiver’s answer is read in bounded time', () => {
  const started = performance.now();
  for (const kind of channelKinds)
    for (const unit of ['"errors"', 'delivery failed with error ', '"code":', '"WorkflowTriggerIsNotEnabled" '])
      for (const status of [200, 400]) judge(kind, { status, body: unit.repeat(128_000 / unit.length) });
  expect(performance.now() - started).toBeLessThan(2_000);
});

/** The signs that vendors search for in answers, as a monitored target can have them written into every alert. */
const quoted = [
  'Bad Request: chat not found',
  'Forbidden: bot was blocked by the user',
  'TOPIC_CLOSED, need administrator rights, message is too long',
  'Webhook message delivery failed with error: 500',
  'no active devices',
  '{"ok":false,"error_code":429,"status":0,"code":21610,"errors":["user key"]}',
].join(' ');

test.each<[kind: ChannelKind, given: Given]>([
  ['telegram', { status: 200, body: { ok: true, result: { message_id: 7, text: quoted } } }],
  ['twilio', { status: 201, body: { sid: 'SM1', status: 'queued', error_code: null, body: quoted } }],
  ['gotify', { status: 200, body: { id: 7, message: quoted } }],
  ['ntfy', { status: 200, body: { id: 'x', message: quoted } }],
  ['discord', { status: 200, body: { id: '7', embeds: [{ title: quoted, description: quoted }] } }],
  ['google-chat', { status: 200, body: { name: 'spaces/a/messages/b', text: quoted } }],
  ['teams', { status: 200, body: quoted, headers: { 'x-ms-workflow-run-id': '0858' } }],
])('%s: a message that is sent back with the words of a refusal in it was delivered', (kind, given) => {
  expect(judge(kind, given)).toMatchObject({ state: 'delivered', problem: null });
  expect(judge(kind, { ...given, isCut: true })).toMatchObject({ state: 'transient' });
});

test.each<[given: object]>([
  [{ sid: 'SM1', status: 'failed', error_code: null }],
  [{ sid: 'SM1', status: 'queued', error_code: 21610 }],
  [{ sid: 'SM1', status: 'accepted', error_code: '99999' }],
])('twilio: 201 with an error in it does not count as delivered: %j', (body) => {
  expect(judge('twilio', { status: 201, body }).state).not.toBe('delivered');
});
