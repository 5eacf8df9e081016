import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { httpMonitor } from '../../httpMonitor.ts';
import { within } from './stack.ts';

/** Two things of one kind: where the pages of each are, and what its page calls it. */
export interface Pair {
  kind: string;
  paths: [string, string];
  names: [string, string];
}

const wallTime = (ms: number) => new Date(Date.now() + ms).toISOString().slice(0, 16);
const hour = 3_600_000;

/** Asks the API as the page's own session. */
export const apiOf = (page: Page, origin: string) => {
  const headers = { origin };
  const url = (path: string) => `${origin}/api/v1${path}`;
  const post = async <T = { id: string }>(path: string, data: unknown, status = 201): Promise<T> => {
    const response = await page.request.post(url(path), { data, headers });
    expect([path, response.status()]).toEqual([path, status]);
    return (await response.json()) as T;
  };
  const list = async <T>(path: string): Promise<T[]> => {
    const response = await page.request.get(url(path));
    return ((await response.json()) as { data: T[] }).data;
  };
  return { post, list };
};

/**
 * Two of each kind that has pages of its own: the second monitor depends on the first, and both are down, each with its
 * incident. `target` has to answer an error.
 */
export const createTwoOfEach = async (
  page: Page,
  origin: string,
  target: string,
  receiver: string,
): Promise<Pair[]> => {
  const { post, list } = apiOf(page, origin);
  const two = async (
    make: (name: string, other: string | undefined) => Promise<{ id: string }>,
    names: Pair['names'],
  ) => {
    const first = await make(names[0], undefined);
    return [first.id, (await make(names[1], first.id)).id] as const;
  };
  const pair = (kind: string, names: Pair['names'], ids: readonly [string, string], path: (id: string) => string) => ({
    kind,
    names,
    paths: [path(ids[0]), path(ids[1])] as Pair['paths'],
  });

  const named: Pair['names'] = ['Harbour light', 'Island light'];
  const monitors = await two(
    (name, other) =>
      post('/monitors', httpMonitor({ name, url: target, intervalSeconds: 60, dependsOn: other ? [other] : [] })),
    named,
  );
  const channels: Pair['names'] = ['Pager of Ada', 'Pager of Ben'];
  const toThem = await two(
    (name) => post('/channels', { kind: 'webhook', name, settings: { url: receiver } }),
    channels,
  );
  const people = await two((name) => post('/people', { name, channelIds: [toThem[0]] }), ['Ada', 'Ben']);
  const policies: Pair['names'] = ['Payments', 'Warehouse'];
  const steps = [{ afterSeconds: 0, targets: [{ type: 'channel', id: toThem[1] }] }];
  const resolvePolicy = await two(
    (name) => post('/escalation-policies', { name, tags: [name.toLowerCase()], steps }),
    policies,
  );
  const schedules: Pair['names'] = ['Operations', 'Night shift'];
  const layers = [
    { name: 'All', participants: people, startsAt: '2026-01-05T09:00', rotation: { count: 1, unit: 'days' } },
  ];
  const onCall = await two((name) => post('/on-call', { name, timeZone: 'UTC', layers }), schedules);
  const windows: Pair['names'] = ['Deploy', 'Backup'];
  const times = { startsAt: wallTime(24 * hour), endsAt: wallTime(25 * hour), timeZone: 'UTC', rrule: 'FREQ=DAILY' };
  const planned = await two(
    (title) => post('/maintenance-windows', { title, ...times, monitorIds: [monitors[0]] }),
    windows,
  );
  const pages: Pair['names'] = ['For customers', 'For partners'];
  const published = await two(
    // Addresses are unique among all teams, and files share a stack.
    (name) => post('/status-pages', { name, slug: `p-${randomUUID()}`, monitorIds: [monitors[1]] }),
    pages,
  );
  const incidents = () => list<{ id: string; monitorId: string }>('/incidents');
  await expect.poll(async () => (await incidents()).length, within(60)).toBe(2);
  const opened = await incidents();
  const incidentOf = (monitorId: string) => opened.find((one) => one.monitorId === monitorId)?.id ?? '';
  return [
    pair('monitor', named, monitors, (id) => `/monitors/${id}`),
    pair('incident', named, [incidentOf(monitors[0]), incidentOf(monitors[1])], (id) => `/incidents/${id}`),
    pair('channel', channels, toThem, (id) => `/alerts/channels/${id}`),
    pair('policy', policies, resolvePolicy, (id) => `/alerts/policy/${id}`),
    pair('schedule', schedules, onCall, (id) => `/alerts/on-call/${id}`),
    pair('window', windows, planned, (id) => `/maintenance/${id}`),
    pair('status page', pages, published, (id) => `/status-pages/${id}`),
  ];
};

/** What the page calls the thing that it shows; null while it shows none. */
export const shownName = (page: Page, kind: string): Promise<string | null> => {
  const heading = page.locator('#content h1');
  const field = (label: string) => page.getByLabel(label, { exact: true });
  const ways: Record<string, () => Promise<string | null>> = {
    monitor: () => heading.first().innerText(),
    schedule: () => heading.first().innerText(),
    incident: () => page.locator('[data-testid=incident-headline] .headline-target a').innerText(),
    channel: () => field('Name').inputValue(),
    policy: () => field('Name').inputValue(),
    window: () => field('Title').inputValue(),
    'status page': () => field('Name').inputValue(),
  };
  return ways[kind]?.() ?? Promise.resolve(null);
};

/** Follows a link to `href` within the dashboard, without a new document. */
export const follow = (page: Page, href: string) =>
  page.evaluate(`(() => {
    const link = Object.assign(document.createElement('a'), { href: ${JSON.stringify(href)} });
    document.body.append(link);
    link.click();
    link.remove();
  })()`);
