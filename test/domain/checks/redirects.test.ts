import { expect, test } from 'vitest';
import { isPlanned, type RedirectDomains, withRedirect } from '../../../worker/domain/checks/redirects.ts';

const now = 10_000_000;
const hour = 3_600_000;

const five = (oldestMs: number): RedirectDomains =>
  Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name, i) => [`${name}.example`, now - oldestMs + i]));

test.for<[what: string, known: RedirectDomains, next: string[] | null]>([
  ['the first', {}, ['new.example']],
  ['one more', { 'a.example': 1 }, ['a.example', 'new.example']],
  ['a sixth is not learned at once', five(hour - 1), null],
  [
    'and takes the place of the oldest after an hour',
    five(hour),
    ['e.example', 'd.example', 'c.example', 'b.example', 'new.example'],
  ],
])('%s', ([, known, next]) => {
  expect(withRedirect(known, 'new.example', now)).toEqual(
    next && Object.fromEntries(next.map((name) => [name, known[name] ?? now])),
  );
});

test('a learned redirect is planned three minutes later', () => {
  expect([isPlanned(now, now + 179_999), isPlanned(now, now + 180_000)]).toEqual([false, true]);
});
