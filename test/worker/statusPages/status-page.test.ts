import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, inject, test } from 'vitest';
import type { Verdict } from '../../../worker/domain/history/uptime.ts';
import { create, numberOf } from '../monitors/monitorApi.ts';
import { type Client, createClient, signUp } from '../support/client.ts';

const target = inject('target');
const visitor = createClient();
const minuteMs = 60_000;

let owner: Awaited<ReturnType<typeof signUp>>;
// A team may have twenty pages: each test has one of its own.
beforeEach(async () => {
  owner = await signUp();
});

const newSlug = () => `page-${crypto.randomUUID().slice(0, 8)}`;

const publish = async (client: Client, monitorIds: string[], publicNames: Record<string, string> = {}) => {
  const slug = newSlug();
  const response = await client.post('/api/v1/status-pages', { slug, name: 'Example <shop>', monitorIds, publicNames });
  expect(response.status).toBe(201);
  return `/status/${slug}`;
};

const read = async (path: string) => {
  const response = await visitor.get(path);
  return { response, html: await response.text() };
};

/** The text that a reader sees: without tags, spaces folded. */
const textOf = (html: string) =>
  html
    .replace(/<style.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

const setVerdict = async (id: string, verdict: Verdict, since = Date.now() - 10 * minuteMs) => {
  const number = await numberOf(id);
  await env.DB.batch([
    env.DB.prepare('UPDATE monitors SET verdict = ?, cohort = NULL WHERE number = ?').bind(verdict, number),
    env.DB.prepare('DELETE FROM verdict_changes WHERE monitor = ?').bind(number),
    env.DB.prepare('INSERT INTO verdict_changes (monitor, since, at, verdict) VALUES (?, ?, ?, ?)').bind(
      number,
      since,
      since,
      verdict,
    ),
  ]);
};

const addIncident = async (id: string, startedAt: number, endedAt: number | null, reason = 'timeout') => {
  await env.DB.prepare(
    `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, ended_at, resolved_at, reason, evidence)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
    .bind(
      `inc_${crypto.randomUUID()}`,
      owner.team.id,
      await numberOf(id),
      startedAt,
      startedAt,
      endedAt,
      endedAt,
      reason,
      '[]',
    )
    .run();
};

const withVerdicts = async (verdicts: Verdict[]) => {
  const ids: string[] = [];
  for (const [i, verdict] of verdicts.entries()) {
    const { id } = await create(owner, { name: `Part ${i + 1}`, regions: ['weur'] });
    await setVerdict(id, verdict);
    ids.push(id);
  }
  return ids;
};

describe('the overall state', () => {
  test.for<[Verdict[], string]>([
    [['up', 'up'], 'All systems operational'],
    [['up', 'down', 'up', 'up'], '1 of 4 services is down'],
    [['down', 'down', 'degraded'], '2 of 3 services are down'],
    [['down', 'down'], 'All services are down'],
    [['down'], 'The service is down'],
    [['up', 'degraded'], '1 of 2 services is slow'],
    [['up', 'maintenance'], 'Scheduled maintenance of 1 of 2 services'],
    [['up', 'paused'], '1 of 2 services is operational'],
    [['paused'], 'Monitoring is paused'],
    [['unknown', 'paused'], 'No data yet'],
  ])('%j: %s', async ([verdicts, sentence]) => {
    const { html } = await read(await publish(owner, await withVerdicts(verdicts)));
    expect(textOf(html)).toContain(sentence);
  });
});

test('an incident of a paused monitor lasted until the pause, and is not called ongoing', async () => {
  const [id = ''] = await withVerdicts(['paused']);
  const now = Date.now();
  await env.DB.prepare('UPDATE monitors SET verdict_since = ? WHERE number = ?')
    .bind(now - 30 * minuteMs, await numberOf(id))
    .run();
  await addIncident(id, now - 72 * minuteMs, null, 'status');
  const text = textOf((await read(await publish(owner, [id]))).html);
  expect(text).toMatch(
    /Part 1 Responding with errors for 42 min Since [^;]+; monitoring has been paused since \d+ \w+/,
  );
  expect(text).not.toContain('ongoing');
});

test('each component has its name, its verdict in words and its uptime, in the order that was chosen', async () => {
  const ids = await withVerdicts(['up', 'degraded', 'down', 'unknown', 'paused', 'maintenance']);
  const { html } = await read(await publish(owner, [...ids].reverse()));
  const text = textOf(html);
  const lines = [
    'Part 6 Maintenance',
    'Part 5 Paused',
    'Part 4 Unknown',
    'Part 3 Down',
    'Part 2 Slow',
    'Part 1 Operational',
  ];
  expect(lines.map((line) => text.indexOf(line))).toEqual(
    lines.map((line) => text.indexOf(line)).sort((a, b) => a - b),
  );
  for (const line of lines) expect(text).toContain(line);
  expect(text).toContain('Part 4 Unknown Last 24 hours: no data yet');
  expect(text).toContain('Part 3 Down Last 24 hours: 0 % uptime');
  expect(text).toContain('Part 1 Operational Last 24 hours: 100 % uptime (10 minutes of data)');
});

test('the page is titled, whole without script, and escaped', async () => {
  const { html, response } = await read(await publish(owner, await withVerdicts(['up'])));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8/i);
  expect(html).toMatch(/^<!doctype html><html lang="en">/);
  expect(html).toContain('<title>Example &lt;shop&gt;</title>');
  expect(html).not.toMatch(/<script|\son\w+=|style="/);
  expect(html).toContain('Powered by Pharos');
  for (const landmark of ['<header>', '<main>', '<footer>', '<h1>']) expect(html.split(landmark)).toHaveLength(2);
});

test('a monitor’s own name is not shown if it reveals the address', async () => {
  const host = new URL(target).hostname;
  const unnamed = await create(owner, { regions: ['weur'] });
  const telling = await create(owner, { url: `${target}/secret-path`, name: `Shop at ${host}`, regions: ['weur'] });
  const named = await create(owner, { regions: ['weur'] });
  const { html } = await read(await publish(owner, [unnamed.id, telling.id, named.id], { [named.id]: 'Checkout' }));
  const text = textOf(html);
  for (const name of ['Service 1', 'Service 2', 'Checkout']) expect(text).toContain(name);
  expect(text).not.toContain('Shop at');
});

test('nothing of what is internal is in the page: no id, address, header, reason, team or e-mail', async () => {
  const monitor = await create(owner, {
    url: `${target}/secret-path?token=concealed`,
    headers: { 'X-Secret-Header': 'secret-value' },
    tags: ['secret-tag'],
    regions: ['weur'],
  });
  await setVerdict(monitor.id, 'down');
  await addIncident(monitor.id, Date.now() - 10 * minuteMs, null, 'dns');
  const path = await publish(owner, [monitor.id]);
  const { html, response } = await read(path);
  const everything = html + JSON.stringify([...response.headers]);
  const { user, team } = owner;
  for (const secret of [
    '127.0.0.1',
    'secret',
    'concealed',
    'mon_',
    'inc_',
    'page_',
    'team_',
    user.email,
    team.id,
    team.name,
    'does not resolve',
    'weur',
  ])
    expect(everything.toLowerCase()).not.toContain(secret.toLowerCase());
  expect(textOf(html)).toContain('Not responding');
  expect(html).not.toContain('dns');
});

describe('incidents', () => {
  test('show who, why in general words, since when and how long, newest first', async () => {
    const [id = ''] = await withVerdicts(['down']);
    const dayMs = 86_400_000;
    const now = Date.now();
    await addIncident(id, now - 15 * dayMs, now - 15 * dayMs + minuteMs);
    await addIncident(id, now - 3 * dayMs, now - 3 * dayMs + 72 * minuteMs, 'status');
    await addIncident(id, now - 5 * minuteMs, null, 'refused');
    const { html } = await read(await publish(owner, [id]));
    const text = textOf(html);
    expect(text).toMatch(
      /Part 1 Not responding, ongoing for 5 min Since .* Part 1 Responding with errors for 1 h 12 min/,
    );
    expect(html).toContain(`<time datetime="${new Date(now - 5 * minuteMs).toISOString()}">`);
    expect(text).toMatch(/Since \d+ \w+ \d{4}, \d\d:\d\d UTC until \d+ \w+ \d{4}, \d\d:\d\d UTC/);
    expect(html.match(/<section aria-labelledby="incidents">.*<\/section>/s)?.[0].match(/<li>/g)).toHaveLength(2);
  });

  test('of other monitors do not show', async () => {
    const [shown = '', other = ''] = await withVerdicts(['up', 'up']);
    await addIncident(other, Date.now() - 60 * minuteMs, Date.now());
    expect(textOf((await read(await publish(owner, [shown]))).html)).toContain('Incidents of the last 14 days None.');
  });

  test('leave with their monitor, and an emptied page says so', async () => {
    const [id = ''] = await withVerdicts(['down']);
    await addIncident(id, Date.now() - minuteMs, null);
    const path = await publish(owner, [id]);
    await owner.delete(`/api/v1/monitors/${id}`);
    const { html, response } = await read(path);
    expect(response.status).toBe(200);
    expect(textOf(html)).toContain('No services on this page');
    expect(textOf(html)).not.toContain('ongoing');
  });
});

describe('the answer', () => {
  test('is asked for again each time, and sets no cookie', async () => {
    const { response } = await read(await publish(owner, await withVerdicts(['up'])));
    expect(response.headers.get('cache-control')).toBe('public, no-cache');
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('allows its own style sheet and nothing else', async () => {
    const { response, html } = await read(await publish(owner, await withVerdicts(['up'])));
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
    expect(policy).toContain(`style-src 'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`);
  });

  test('to a HEAD has the headers and no body', async () => {
    const path = await publish(owner, await withVerdicts(['up']));
    const response = await exports.default.fetch(new Request(`http://localhost:8788${path}`, { method: 'HEAD' }));
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('cache-control')).toContain('public');
  });

  test.for(['/status/no-such-page', '/status/', '/status', '/status/a/b', '/status/%3Cscript%3E'])(
    'to %s is a page that says there is none',
    async (path) => {
      const { response, html } = await read(path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(textOf(html)).toContain('Status page not found');
      expect(html).not.toContain('script');
    },
  );
});

describe('maintenance', () => {
  const dayMs = 86_400_000;
  const wall = (inMs: number) => new Date(Date.now() + inMs).toISOString().slice(0, 16);
  const plan = async (given: Record<string, unknown>) => {
    const times = { timeZone: 'UTC', startsAt: wall(-minuteMs), endsAt: wall(60 * minuteMs) };
    const response = await owner.post('/api/v1/maintenance-windows', { title: 'Deploy', ...times, ...given });
    expect(response.status).toBe(201);
  };

  test('a window that runs comes before the verdict, with its end, and says so for the whole page', async () => {
    const ids = await withVerdicts(['down', 'up', 'paused']);
    await plan({ title: 'Deploy <b>database</b>', monitorIds: [ids[0], ids[2]] });
    await addIncident(ids[0] as string, Date.now(), null);
    const { html } = await read(await publish(owner, ids));
    const text = textOf(html);
    expect(text).toContain('Scheduled maintenance of 1 of 3 services');
    expect(text).toMatch(/Part 1 Maintenance Under maintenance until \d+ \w+ \d{4}, \d\d:\d\d UTC/);
    expect(text).toMatch(/Part 3 Paused (?!Under)/);
    expect(text).toContain('Deploy &lt;b&gt;database&lt;/b&gt; Part 1, Part 3 In progress:');
    expect(text).toContain('Incidents of the last 14 days None.');
  });

  test('maintenance in the next seven days is announced, with its services of this page', async () => {
    const ids = await withVerdicts(['up', 'up']);
    const later = (ms: number) => ({ startsAt: wall(ms), endsAt: wall(ms + 60 * minuteMs) });
    await plan({ title: 'Next week', monitorIds: [ids[0]], ...later(8 * dayMs) });
    await plan({ title: 'This week', monitorIds: [ids[0]], ...later(6 * dayMs) });
    const text = textOf((await read(await publish(owner, ids, { [ids[0] as string]: 'Shop' }))).html);
    expect(text).toContain('All systems operational');
    expect(text).toContain('Scheduled maintenance This week Shop');
    expect(text).not.toContain('Next week');
    expect(textOf((await read(await publish(owner, ids.slice(1)))).html)).not.toContain('Scheduled maintenance');
  });

  test('an outage that goes on after its window is shown', async () => {
    const [id = ''] = await withVerdicts(['down']);
    await plan({ monitorIds: [id] });
    await addIncident(id, Date.now() - dayMs, null);
    expect(textOf((await read(await publish(owner, [id]))).html)).toMatch(/Not responding,? .*ongoing/);
  });
});
