import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  acknowledgeForMs,
  isMadeAt,
  readAcknowledgeToken,
  signAcknowledgeToken,
} from '../../../worker/auth/acknowledgeToken.ts';
import { type Keyring, keyringOf } from '../../../worker/crypto/keyring.ts';
import { policyMark } from '../../../worker/domain/incidents/acknowledgement.ts';
import { newId } from '../../../worker/ids.ts';
import { insertDelivery } from '../channels/alerting.ts';
import { createClient } from '../support/client.ts';
import { tokenOf } from './acknowledging.ts';

const keys = keyringOf(['a secret of which nobody knows']) as Keyring;
const noon = Date.UTC(2026, 10, 21, 12, 0, 30);
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

test('a token says for which delivery it was made, in at most 31 letters and digits', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 2 ** 47 }),
      fc.integer({ min: 0, max: 4e12 }),
      fc.boolean(),
      async (delivery, at, hasPolicy) => {
        const policyId = hasPolicy ? newId('pol') : null;
        const token = await signAcknowledgeToken({ delivery, at, policyId }, keys);
        expect(token).toMatch(delivery < 2 ** 24 ? /^[0-9A-Za-z]{23,27}$/ : /^[0-9A-Za-z]{27,31}$/);
        const link = await readAcknowledgeToken(token, keys, at + acknowledgeForMs - 60_000);
        if (typeof link === 'string') throw new Error(link);
        expect(link).toMatchObject({ delivery, mark: policyMark(policyId) });
        expect(isMadeAt(link, at)).toBe(true);
        expect(isMadeAt(link, at + 60_000)).toBe(false);
        // The clock of who reads it may be behind.
        expect(await readAcknowledgeToken(token, keys, at - 120_000)).toEqual(link);
        expect(await readAcknowledgeToken(token, keys, at + acknowledgeForMs + 120_000)).toBe('expired');
      },
    ),
    { numRuns: 50 },
  );
});

test('one sign that is changed, added or lost makes a token invalid', async () => {
  const token = await signAcknowledgeToken({ delivery: 4_711, at: noon, policyId: newId('pol') }, keys);
  const others = [...token].flatMap((sign, i) =>
    [1, 30].map((by) => token.slice(0, i) + digits.charAt((digits.indexOf(sign) + by) % 62) + token.slice(i + 1)),
  );
  for (const other of [
    ...others,
    `${token}0`,
    `0${token}`,
    token.slice(1),
    token.slice(0, -1),
    '',
    'x',
    '😀'.repeat(12),
  ])
    expect([other, await readAcknowledgeToken(other, keys, noon)]).toEqual([other, 'invalid']);
});

test('policies have marks of their own, and none has another one', () => {
  const marks = Array.from({ length: 100 }, () => policyMark(newId('pol')));
  expect(marks.every((mark) => Number.isInteger(mark) && mark < 2 ** 21)).toBe(true);
  expect(new Set(marks).size).toBeGreaterThan(97);
  expect(policyMark(null)).toBe(2 ** 24 - 1);
});

test('a token holds through a rotation of the keys, and ends with the key that signed it', async () => {
  const [before, after] = [`000001:${'a'.repeat(43)}`, `000002:${'b'.repeat(43)}`];
  const token = await signAcknowledgeToken({ delivery: 1, at: noon, policyId: null }, keyringOf([before]) as Keyring);
  expect(await readAcknowledgeToken(token, keyringOf([before, after]) as Keyring, noon)).toMatchObject({ delivery: 1 });
  expect(await readAcknowledgeToken(token, keyringOf([after]) as Keyring, noon)).toBe('invalid');
});

test('a token that has come round to its minute again is over, as its delivery says', async () => {
  const given = { incident: 'inc_old', dedupKey: 'inc_old', teamId: 'team_old', state: 'delivered' } as const;
  const token = await tokenOf(await insertDelivery({ ...given, dueAgo: 65_536 * 60_000 }));
  const visitor = createClient();
  for (const page of [await visitor.get(`/a/${token}`), await visitor.post(`/a/${token}`)]) {
    expect(page.status).toBe(410);
    expect(await page.text()).toContain('Link expired');
  }
});
