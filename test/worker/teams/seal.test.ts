import { describe, expect, test } from 'vitest';
import { type Keyring, keyringOf } from '../../../worker/crypto/keyring.ts';
import { seal, sealedPrefix, unseal } from '../../../worker/crypto/seal.ts';

const plain = 'a-secret-of-at-least-thirty-two-characters';
const ringOf = (...settings: string[]) => keyringOf(settings) as Keyring;
const secret = ringOf(plain);
const [first, second] = ['mgx3k2q1', 'mgx4aaa2'].map((id) => `${id}:${id}-secret-of-at-least-thirty-two`) as [
  string,
  string,
];

test('a sealed text opens to what went in, and shows nothing of it', async () => {
  for (const text of ['', 'Bearer abc', 'ünïcode •••• 日本 😀', 'x'.repeat(100_000)]) {
    const sealed = await seal(secret, 'mon_1', text);
    expect(sealed).toMatch(/^v2\.0\.[\w-]{16}\.[\w-]+$/);
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
  for (const position of [6, 10, 22, 30]) {
    const other = sealed[position] === 'A' ? 'B' : 'A';
    const changed = sealed.slice(0, position) + other + sealed.slice(position + 1);
    await expect(unseal(secret, 'mon_1', changed)).rejects.toThrow('cannot be opened');
  }
});

test('a sealed text does not open for another monitor or under another key', async () => {
  const sealed = await seal(secret, 'mon_1', 'Bearer abc');
  await expect(unseal(secret, 'mon_2', sealed)).rejects.toThrow('cannot be opened');
  await expect(unseal(ringOf(`${plain}!`), 'mon_1', sealed)).rejects.toThrow('cannot be opened');
  expect(await unseal(secret, 'mon_1', sealed)).toBe('Bearer abc');
});

describe('of several keys', () => {
  test('the newest seals, wherever it stands, and each opens what it sealed', async () => {
    const old = await seal(ringOf(plain), 'mon_1', 'old');
    const [both, reversed] = [ringOf(plain, first), ringOf(first, plain)];
    expect([both.newest.id, reversed.newest.id, ringOf(second, first).newest.id]).toEqual([
      'mgx3k2q1',
      'mgx3k2q1',
      'mgx4aaa2',
    ]);
    const sealed = await seal(both, 'mon_1', 'new');
    expect(sealed.startsWith('v2.mgx3k2q1.')).toBe(true);
    expect([await unseal(reversed, 'mon_1', sealed), await unseal(reversed, 'mon_1', old)]).toEqual(['new', 'old']);
    await expect(unseal(ringOf(first), 'mon_1', old)).rejects.toThrow('no longer exists');
    await expect(unseal(ringOf(plain, second), 'mon_1', sealed)).rejects.toThrow('no longer exists');
  });

  test('some may stand in one setting, and two of one id are refused', () => {
    expect([...ringOf(`${first} ${second}`, plain).byId.keys()]).toEqual(['mgx3k2q1', 'mgx4aaa2', '0']);
    expect(keyringOf([first, first])).toBeNull();
    expect(keyringOf([plain, `${plain}!`])).toBeNull();
    expect(ringOf(plain, '').newest).toEqual({ id: '0', secret: plain });
  });

  test.each([['a key:with a colon and blanks, as people choose them'], [`${first} and more`]])(
    'the secret %j is one plain key',
    (setting) => {
      expect(ringOf(setting).newest).toEqual({ id: '0', secret: setting });
    },
  );

  test('a value that was sealed before keys had ids opens', async () => {
    const sealed = await seal(secret, 'mon_1', 'Bearer abc');
    const older = `v1.${sealed.slice(sealedPrefix(secret.newest).length)}`;
    expect(await unseal(ringOf(first, plain), 'mon_1', older)).toBe('Bearer abc');
  });
});

test.each(['', 'v1', 'v1.abc', 'v2.AAAAAAAAAAAAAAAA.AAAA', 'v3.0.AAAA.AAAA', 'v1.a.b.c', '{"headers":{}}'])(
  'refuses %j',
  async (text) => {
    await expect(unseal(secret, 'mon_1', text)).rejects.toThrow('not sealed');
  },
);
