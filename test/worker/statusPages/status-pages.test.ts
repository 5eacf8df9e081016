import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { MonitorView, Page, StatusPageView } from '../../../worker/contract/views.ts';
import { create, problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, type Client, createClient, signUp } from '../support/client.ts';

const base = '/api/v1/status-pages';

let owner: Client;
let stranger: Client;
let first: MonitorView;
let second: MonitorView;
let foreign: MonitorView;

beforeAll(async () => {
  owner = await signUp();
  stranger = await signUp();
  first = await create(owner, { name: 'First' });
  second = await create(owner, { name: 'Second' });
  foreign = await create(stranger, { name: 'Foreign' });
});

const newSlug = () => `page-${crypto.randomUUID().slice(0, 8)}`;
const input = (change: Record<string, unknown> = {}) => ({
  slug: newSlug(),
  name: 'A page',
  monitorIds: [first.id],
  ...change,
});
const createPage = async (change: Record<string, unknown> = {}) => {
  const response = await owner.post(base, input(change));
  expect(response.status).toBe(201);
  return bodyOf<StatusPageView>(response);
};

describe('creating', () => {
  test('answers with the page and its place, components in the order that was sent', async () => {
    const slug = newSlug();
    const publicNames = { [first.id]: 'Shop' };
    const response = await owner.post(base, input({ slug, monitorIds: [second.id, first.id], publicNames }));
    expect(response.status).toBe(201);
    const page = await bodyOf<StatusPageView>(response);
    expect(response.headers.get('location')).toBe(`${base}/${page.id}`);
    expect(page).toMatchObject({
      slug,
      name: 'A page',
      components: [
        { monitorId: second.id, publicName: null },
        { monitorId: first.id, publicName: 'Shop' },
      ],
    });
    expect(await bodyOf(await owner.get(`${base}/${page.id}`))).toEqual(page);
  });

  test.for<[string, () => Record<string, unknown>, string, RegExp]>([
    ['no slug', () => ({ slug: undefined }), 'slug', /Choose an address/],
    ['an empty slug', () => ({ slug: '' }), 'slug', /Choose an address/],
    ['a slug of two characters', () => ({ slug: 'ab' }), 'slug', /at least 3/],
    ['a slug of 49 characters', () => ({ slug: 'a'.repeat(49) }), 'slug', /at most 48/],
    ['capitals in the slug', () => ({ slug: 'MyPage' }), 'slug', /lowercase letters/],
    ['a slash in the slug', () => ({ slug: 'a/../b' }), 'slug', /lowercase letters/],
    ['a slug that begins with a hyphen', () => ({ slug: '-page' }), 'slug', /start and end/],
    ['a slug that ends with a hyphen', () => ({ slug: 'page-' }), 'slug', /start and end/],
    ['no name', () => ({ name: ' ' }), 'name', /Enter a name for the page/],
    ['a name of 101 characters', () => ({ name: 'x'.repeat(101) }), 'name', /at most 100/],
    ['no monitors', () => ({ monitorIds: [] }), 'monitorIds', /at least one/],
    [
      '101 monitors',
      () => ({ monitorIds: Array.from({ length: 101 }, (_, i) => `mon_${i}`) }),
      'monitorIds',
      /at most 100/,
    ],
    ['a monitor twice', () => ({ monitorIds: [first.id, first.id] }), 'monitorIds', /once/],
    ['a monitor that does not exist', () => ({ monitorIds: ['mon_none'] }), 'monitorIds', /does not exist/],
    ['another team’s monitor', () => ({ monitorIds: [first.id, foreign.id] }), 'monitorIds', /does not exist/],
    ['an empty public name', () => ({ publicNames: { [first.id]: ' ' } }), '', /cannot be empty/],
    [
      'a public name for a monitor that is not on it',
      () => ({ publicNames: { [second.id]: 'x' } }),
      '',
      /not on the page/,
    ],
    ['a field that is none', () => ({ colour: 'red' }), 'colour', /colour/],
  ])('refuses %s and says so at the field', async ([, change, path, message]) => {
    const problem = await problemOf(await owner.post(base, input(change())));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.errors).toHaveLength(1);
    expect(problem.errors[0]?.path).toContain(path);
    expect(problem.errors[0]?.message).toMatch(message);
  });

  test.for(['abc', 'a-b', '0'.repeat(48)])('takes the slug %s', async (slug) => {
    expect((await createPage({ slug })).slug).toBe(slug);
  });

  test('refuses a slug that anybody has', async () => {
    const { slug } = await createPage();
    const own = await stranger.post(base, { slug, name: 'Mine', monitorIds: [foreign.id] });
    expect(await problemOf(own)).toMatchObject({ status: 409, code: 'slug_taken', errors: [{ path: 'slug' }] });
  });
});

describe('changing', () => {
  test('changes what is sent and keeps the rest', async () => {
    const page = await createPage({ publicNames: { [first.id]: 'Shop' } });
    const renamed = await bodyOf<StatusPageView>(await owner.patch(`${base}/${page.id}`, { name: 'Other' }));
    expect(renamed).toMatchObject({ name: 'Other', slug: page.slug, components: page.components });
    const longer = await owner.patch(`${base}/${page.id}`, { monitorIds: [second.id, first.id] });
    expect((await bodyOf<StatusPageView>(longer)).components).toEqual([
      { monitorId: second.id, publicName: null },
      { monitorId: first.id, publicName: 'Shop' },
    ]);
    const named = await owner.patch(`${base}/${page.id}`, { publicNames: { [second.id]: 'API' } });
    expect((await bodyOf<StatusPageView>(named)).components).toEqual([
      { monitorId: second.id, publicName: 'API' },
      { monitorId: first.id, publicName: null },
    ]);
  });

  test('refuses another team’s monitor and a slug that is taken, and changes nothing then', async () => {
    const [page, other] = [await createPage(), await createPage()];
    const foreignMonitor = await owner.patch(`${base}/${page.id}`, { name: 'x', monitorIds: [foreign.id] });
    expect(await problemOf(foreignMonitor)).toMatchObject({ status: 400, errors: [{ path: 'monitorIds' }] });
    const taken = await owner.patch(`${base}/${page.id}`, { slug: other.slug, monitorIds: [second.id] });
    expect(await problemOf(taken)).toMatchObject({ status: 409, code: 'slug_taken' });
    expect(await bodyOf(await owner.get(`${base}/${page.id}`))).toEqual(page);
  });

  test('keeps its own slug without complaint', async () => {
    const page = await createPage();
    expect((await owner.patch(`${base}/${page.id}`, { slug: page.slug })).status).toBe(200);
  });
});

test('a deleted page is not found, and its slug is free again', async () => {
  const page = await createPage();
  expect((await owner.delete(`${base}/${page.id}`)).status).toBe(204);
  expect((await owner.get(`${base}/${page.id}`)).status).toBe(404);
  expect((await createClient().get(`/status/${page.slug}`)).status).toBe(404);
  await createPage({ slug: page.slug });
});

test('a deleted monitor leaves its pages', async () => {
  const gone = await create(owner, { name: 'Gone' });
  const page = await createPage({ monitorIds: [gone.id, first.id] });
  await owner.delete(`/api/v1/monitors/${gone.id}`);
  const { components } = await bodyOf<StatusPageView>(await owner.get(`${base}/${page.id}`));
  expect(components).toEqual([{ monitorId: first.id, publicName: null }]);
});

test('somebody else’s page is a 404, and nothing works without a session', async () => {
  const { id } = await createPage();
  for (const [client, status] of [
    [stranger, 404],
    [createClient(), 401],
  ] as const) {
    expect((await client.get(`${base}/${id}`)).status).toBe(status);
    expect((await client.patch(`${base}/${id}`, { name: 'x' })).status).toBe(status);
    expect((await client.delete(`${base}/${id}`)).status).toBe(status);
  }
  expect((await createClient().post(base, input())).status).toBe(401);
});

test('the list is the team’s own, newest first, and pages by cursor', async () => {
  const lister = await signUp();
  const monitor = await create(lister);
  const slugs = [newSlug(), newSlug(), newSlug()];
  for (const slug of slugs) await lister.post(base, { slug, name: slug, monitorIds: [monitor.id] });
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = `?limit=2${cursor && `&cursor=${cursor}`}`;
    const page: Page<StatusPageView> = await bodyOf(await lister.get(base + query));
    seen.push(...page.data.map((item) => item.slug));
    cursor = page.nextCursor;
  }
  expect([...seen].sort()).toEqual([...slugs].sort());
  const foreignCursor = (await bodyOf<Page<StatusPageView>>(await lister.get(`${base}?limit=1`))).nextCursor;
  expect(await problemOf(await owner.get(`${base}?cursor=${foreignCursor}`))).toMatchObject({ code: 'invalid_cursor' });
});

test.each([
  ['login', /reserved/],
  ['adm1n', /reserved/],
  ['pay-pal', /well-known company/],
  ['paypa1-support', /well-known company/],
])('the address %s is refused for a new page and for a change', async (slug, says) => {
  const page = await createPage();
  for (const response of [await owner.post(base, input({ slug })), await owner.patch(`${base}/${page.id}`, { slug })]) {
    const { status, errors } = await problemOf(response);
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ path: 'slug', message: expect.stringMatching(says) }]);
  }
});

test('a page from before an address was reserved keeps it', async () => {
  const page = await createPage();
  await env.DB.prepare("UPDATE status_pages SET slug = 'support' WHERE id = ?").bind(page.id).run();
  const changed = await owner.patch(`${base}/${page.id}`, { slug: 'support', name: 'Renamed' });
  expect([changed.status, (await bodyOf<StatusPageView>(changed)).name]).toEqual([200, 'Renamed']);
});
