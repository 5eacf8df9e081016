import { expect, test } from 'vitest';
import { createClient } from '../support/client.ts';

const visitor = createClient();

/** Links of every length modulo four, and with characters that no link of Pharos holds. */
const odd = [40, 41, 42, 43, 44, 45, 997].map((length) => 'A'.repeat(length));

test.each([
  ...odd.flatMap((token) => [`/leave/${token}`, `/confirm/${token}`, `/a/${token}`]),
  ...['leave', 'confirm', 'a'].flatMap((page) => [`/${page}/%E0%A4%A`, `/${page}/%00`, `/${page}/${'-'.repeat(41)}`]),
  '/a/a.b.c',
])('a link that Pharos has not made is refused as such: %s', async (path) => {
  for (const answer of [await visitor.get(path), await visitor.post(path, {})])
    expect([403, 404]).toContain(answer.status);
});
