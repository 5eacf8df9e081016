import { beforeAll, expect, test } from 'vitest';
import type { MonitorView } from '../../../worker/contract/views.ts';
import { httpMonitor } from '../../httpMonitor.ts';
import { bodyOf, type Client, createClient, newEmail, signUp } from '../support/client.ts';
import { base, create, list, problemOf, url } from './monitorApi.ts';

const odd: [name: string, text: string][] = [
  ['NUL', 'a\0b'],
  ['half a surrogate pair', 'a\ud800b'],
  ['right-to-left override', 'a\u202eb'],
  ['a key of the prototype', '__proto__'],
  ['a function of the prototype', 'constructor'],
  ['SQL', `'; DROP TABLE monitors; --`],
  ['wildcards and JSON paths', '%_$."*'],
  ['an astral character', '🚨'],
];

let owner: Client;
beforeAll(async () => {
  owner = await signUp();
});

test.for(odd)('%s in any text of a monitor is kept, and found again, or refused as a name', async ([, text]) => {
  const expected = { bodyContains: `${text}!`, bodyNotContains: `${text}?`, method: 'POST', body: text };
  const named = { name: text, tags: [text], url: `${url}/?q=${text}` };
  const answer = await owner.post(base, httpMonitor({ ...expected, ...named }));
  const isName = text.isWellFormed() && !/[\p{Cc}\u202e]/u.test(text);
  expect(answer.status).toBe(isName ? 201 : 400);
  if (!isName) {
    expect((await problemOf(answer)).errors.map(({ path }) => path)).toEqual(['settings.url', 'name', 'tags.0']);
    await create(owner, expected);
    return;
  }
  const { id } = await bodyOf<MonitorView>(answer);
  const sought = encodeURIComponent(text.toWellFormed());
  for (const query of [`?search=${sought}`, `?tag=${sought}`]) {
    const found = (await list(owner, query)).data.map((monitor) => monitor.id);
    if (text.isWellFormed()) expect(found).toContain(id);
  }
  const header = await owner.patch(`${base}/${id}`, { settings: { headers: { [text]: text } } });
  expect([200, 400]).toContain(header.status);
  expect((await owner.get(`${base}/${text}`)).status).toBe(404);
});

test.for(odd)('%s as a key or value elsewhere is no fault of ours', async ([, text]) => {
  const page = { slug: text, name: text, monitorIds: [text], publicNames: { [text]: text } };
  const incidents = await owner.get(`/api/v1/incidents?monitorId=${encodeURIComponent(text.toWellFormed())}`);
  const answers = [
    await owner.post('/api/v1/status-pages', page),
    incidents,
    await owner.get(`${base}?cursor=${encodeURIComponent(text.toWellFormed())}`),
    await createClient().post('/api/v1/auth/signin', { email: newEmail(), password: text }),
    await createClient().post('/api/v1/auth/signup', { email: `${text}@example.com`, password: text }),
    await createClient().get(`/status/${text}`),
  ];
  for (const answer of answers) expect(answer.status).toBeLessThan(500);
  expect(answers[0]?.status).toBe(400);
});

test('an inherited property of a header object is no header', async () => {
  const rawBody = `{"kind":"http","settings":{"url":"${url}","headers":{"__proto__":{"x":"y"},"constructor":"own"}}}`;
  const headers = { 'content-type': 'application/json' };
  const response = await owner.post(base, undefined, { rawBody, headers });
  const created = await bodyOf<MonitorView>(response);
  expect(Object.keys(created.settings.headers)).toEqual(['constructor']);
});
