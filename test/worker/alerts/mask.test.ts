import { expect, test } from 'vitest';
import { secretTexts } from '../../../worker/alerts/channels/secrets.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { maskOf } from '../../../worker/alerts/outbox/answer.ts';
import { channelKinds } from '../../../worker/domain/delivery/channelKind.ts';
import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';
import { vendors } from './vendors.ts';

test('masks an address that is a secret with all its parts', () => {
  const mask = maskOf(['https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX?key=abcdefgh1']);
  for (const quoted of ['/services/T00000000/B00000000/XXXXXXXX', 'XXXXXXXX', 'B00000000', 'abcdefgh1'])
    expect(mask(`unknown: ${quoted}`)).toBe(`unknown: ${maskedSecret}`);
  expect(mask('services of hooks.slack.com')).toBe('services of hooks.slack.com');
});

const sentence =
  'Test messages of services, webhooks and workflows: too many triggers in production, a manual run of the monitoring ' +
  'failed the alerts test, the api has no such channel, and powerautomate invoked all paths of automations v2.';

test.each([
  'https://example.com/test/alerts/monitoring/Zx81kQ99',
  'https://hooks.example.com/api/v2/webhooks/production/messages/9f8e7d6c5b4a?env=production&mode=manual&run=test',
  'https://chat.googleapis.com/v1/spaces/AAAA/messages?key=AIzaS3cretKey&token=S3cretT0ken',
  'https://x.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/abc/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=S3cretSignature',
  'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX',
])('leaves the words of %s in ordinary sentences, and masks its secrets', (address) => {
  const mask = maskOf([address]);
  expect(mask(sentence)).toBe(sentence);
  const { pathname, search } = new URL(address);
  for (const quoted of [address, pathname + search, `POST ${pathname}`]) expect(mask(quoted)).toContain(maskedSecret);
  for (const secret of ['Zx81kQ99', '9f8e7d6c5b4a', 'AIzaS3cretKey', 'S3cretT0ken', 'S3cretSignature', 'XXXXXXXX'])
    if (address.includes(secret))
      for (const shown of [secret, secret.toUpperCase(), btoa(secret), encodeURIComponent(secret)])
        expect(mask(`unknown: ${shown}`).replace(/=+$/, '')).toBe(`unknown: ${maskedSecret}`);
});

test.each(channelKinds)('what is said to people of %s keeps its words', (kind) => {
  const mask = maskOf(
    secretTexts(
      kind,
      channels[kind].settings({ allowPrivate: false, ownHosts: [] }).parse(vendors[kind].settings) as never,
    ),
  );
  expect(mask(sentence)).toBe(sentence);
  for (const { problem } of channels[kind].answers?.refusals ?? [])
    if (typeof problem === 'string') expect(mask(problem)).toBe(problem);
});

test.each(['qzxkvwjp', 'kfjwqpzx', 'correct-horse-battery-staple', 'abcdefgh1', 'aGVsbG8gd29ybGQ', 's3cr3t_word'])(
  'a key such as %s in a path is masked alone',
  (key) => {
    expect(maskOf([`https://example.com/hooks/${key}`])(`no ${key} here`)).toBe(`no ${maskedSecret} here`);
  },
);

test('a word is masked where the name of its parameter says that it is a secret', () => {
  const mask = maskOf(['https://example.com/hook?token=swordfish&team=operations']);
  expect(mask('swordfish of operations')).toBe(`${maskedSecret} of operations`);
});
