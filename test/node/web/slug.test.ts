import { expect, test } from 'vitest';
import { slugOf } from '../../../web/src/lib/slug.ts';
import { createStatusPageSchema } from '../../../worker/domain/statusPages/statusPage.ts';

test.each([
  ['Example shop', 'example-shop'],
  ['Bäckerei', 'baeckerei'],
  ['Ba\u0308ckerei', 'baeckerei'],
  ['Größe & Maß', 'groesse-mass'],
  ['Smørrebrød Ærø', 'smorrebrod-aero'],
  ['Łódź', 'lodz'],
  ['Crème brûlée', 'creme-brulee'],
  ['Москва', 'moskva'],
  ['Αθήνα', 'athina'],
  ['Đà Nẵng', 'da-nang'],
  ['İstanbul ılık', 'istanbul-ilik'],
  ['ﬁne ① shop', 'fine-1-shop'],
  ["Joe's café", 'joes-cafe'],
  ['  --Shop--  ', 'shop'],
  ['東京', ''],
])('%s becomes %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test('a truncated name leaves an address that the API accepts', () => {
  const slug = slugOf(`${'a'.repeat(47)} shop`);
  expect(slug).toBe('a'.repeat(47));
  expect(createStatusPageSchema.shape.slug.parse(slug)).toBe(slug);
});
