import { expect, test } from 'vitest';
import { seal, unseal } from '../../worker/auth/seal.ts';

const secret = 'a-secret-of-at-least-thirty-two-characters';

test('a sealed text opens to what went in, and shows nothing of it', async () => {
  for (const text of ['', 'Bearer abc', 'ünïcode •••• 日本 😀', 'x'.repeat(100_000)]) {
    const sealed = await seal(secret, 'mon_1', text);
    expect(sealed).toMatch(/^v1\.[\w-]{16}\.[\w-]+$/);
    if (text) expect(sealed).not.toContain(text);
    expect(await unseal(secret, 'mon_1', sealed)).toBe(text);
  }
});

test('the same text is sealed differently each time', async () => {
  const sealed = await Promise.all([1, 2, 3, 4].map(() => seal(secret, 'mon_1', 'same')));
  expect(new Set(sealed).size).toBe(4);
});

test('a sealed text that was changed anywhere does not open', async () => {
  const sealed = await seal(secret, 'mon_1', 'Bearer abc');
  for (const position of [3, 10, 22, 30]) {
    const other = sealed[position] === 'A' ? 'B' : 'A';
    const changed = sealed.slice(0, position) + other + sealed.slice(position + 1);
    await expect(unseal(secret, 'mon_1', changed)).rejects.toThrow('does not open');
  }
});

test('a sealed text does not open for another monitor or under another key', async () => {
  const sealed = await seal(secret, 'mon_1', 'Bearer abc');
  await expect(unseal(secret, 'mon_2', sealed)).rejects.toThrow('does not open');
  await expect(unseal(`${secret}!`, 'mon_1', sealed)).rejects.toThrow('does not open');
  expect(await unseal(secret, 'mon_1', sealed)).toBe('Bearer abc');
});

test.each(['', 'v1', 'v1.abc', 'v2.AAAAAAAAAAAAAAAA.AAAA', 'v1.a.b.c', '{"headers":{}}'])(
  'refuses %j',
  async (text) => {
    await expect(unseal(secret, 'mon_1', text)).rejects.toThrow('not a sealed text');
  },
);
