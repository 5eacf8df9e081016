import { expect, test } from 'vitest';
import { isBroken, isMended } from '../../worker/domain/distrust.ts';

test.each([
  ['three of four monitors on three hosts', { alone: 3, hosts: 3, undecided: 0, monitors: 4 }, true],
  ['three of five', { alone: 3, hosts: 2, undecided: 0, monitors: 5 }, true],
  ['half of them', { alone: 3, hosts: 3, undecided: 0, monitors: 6 }, false],
  ['all of two', { alone: 2, hosts: 2, undecided: 0, monitors: 2 }, false],
  ['five on one host', { alone: 5, hosts: 1, undecided: 0, monitors: 5 }, false],
  ['40 of 42', { alone: 40, hosts: 39, undecided: 0, monitors: 42 }, true],
  [
    'one, and more that nobody has looked at from elsewhere yet',
    { alone: 1, hosts: 1, undecided: 9, monitors: 10 },
    false,
  ],
])('a view in which these fail alone: %s', (_, view, broken) => {
  expect(isBroken(view)).toBe(broken);
});

test.each([
  ['none', { alone: 0, undecided: 0, monitors: 4 }, true],
  ['a quarter', { alone: 1, undecided: 0, monitors: 4 }, true],
  ['more than a quarter', { alone: 2, undecided: 0, monitors: 7 }, false],
  ['perhaps more than a quarter', { alone: 1, undecided: 1, monitors: 7 }, false],
  ['none, because there is nothing to compare', { alone: 0, undecided: 0, monitors: 0 }, true],
])('a distrusted view in which these still fail alone is mended: %s', (_, view, mended) => {
  expect(isMended(view)).toBe(mended);
});

test('no view is broken and mended at once', () => {
  for (let monitors = 0; monitors <= 20; monitors++)
    for (let alone = 0; alone <= monitors; alone++) {
      const view = { alone, hosts: alone, undecided: 0, monitors };
      expect(isBroken(view) && isMended(view)).toBe(false);
    }
});
