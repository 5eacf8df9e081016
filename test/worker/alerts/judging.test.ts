import { expect, test } from 'vitest';
import { maskOf } from '../../../worker/alerts/answer.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import type { ChannelKind } from '../../../worker/domain/channelKind.ts';
import { maskedSecret } from '../../../worker/domain/monitor.ts';

test.each<[kind: ChannelKind, status: number, body: string, judged: unknown]>([
  ['slack', 200, 'ok', null],
  ['slack', 200, '<html>busy</html>', { state: 'permanent' }],
  ['slack', 404, 'no_service', null],
  ['telegram', 200, '{"ok":true}', null],
  ['telegram', 200, '{"ok":false,"error_code":400,"description":"chat not found"}', { state: 'permanent' }],
  [
    'telegram',
    429,
    '{"ok":false,"error_code":429,"parameters":{"retry_after":31}}',
    { state: 'passing', retryAfterMs: 31_000 },
  ],
  [
    'telegram',
    400,
    '{"ok":false,"error_code":400,"parameters":{"migrate_to_chat_id":-1009}}',
    { state: 'permanent', problem: expect.stringContaining('-1009') },
  ],
  ['telegram', 502, '<html>', null],
  ['discord', 429, '{"message":"rate limited","retry_after":0.65}', { state: 'passing', retryAfterMs: 650 }],
  ['discord', 400, '{"code":50006}', null],
  ['pushover', 200, '{"status":1}', null],
  ['pushover', 200, '{"status":0,"errors":["user identifier is invalid"]}', { state: 'permanent' }],
  ['pushover', 200, 'not JSON', { state: 'permanent' }],
  ['web-push', 410, '', { state: 'permanent', problem: expect.stringContaining('“Notify this browser”') }],
  ['web-push', 201, '', null],
])('%s: HTTP %d with %s', (kind, status, body, judged) => {
  const said = channels[kind].judge?.({ status, body }) ?? null;
  if (judged === null) expect(said).toBeNull();
  else expect(said).toMatchObject(judged as object);
});

test('masks an address that is a secret with all its parts', () => {
  const mask = maskOf(['https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX?key=abcdefgh1']);
  for (const quoted of ['/services/T00000000/B00000000/XXXXXXXX', 'XXXXXXXX', 'B00000000', 'abcdefgh1'])
    expect(mask(`unknown: ${quoted}`)).toBe(`unknown: ${maskedSecret}`);
  expect(mask('services of hooks.slack.com')).toContain('hooks.slack.com');
});
