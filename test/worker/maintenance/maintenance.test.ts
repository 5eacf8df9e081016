import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import type {
  MaintenancePreview,
  MaintenanceWindowView,
  MonitorDetailView,
  OccurrenceView,
  Page,
} from '../../../worker/contract/views.ts';
import { create, list, base as monitorsBase, problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, type Client, signUp } from '../support/client.ts';

const base = '/api/v1/maintenance-windows';
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A wall time in UTC, some time from now. */
const wall = (inMs: number) => new Date(Date.now() + inMs).toISOString().slice(0, 16);

const once = (given: Record<string, unknown> = {}) => ({
  title: 'Deploy database',
  startsAt: wall(hour),
  endsAt: wall(2 * hour),
  timeZone: 'UTC',
  allMonitors: true,
  ...given,
});
const running = (given: Record<string, unknown> = {}) =>
  once({ startsAt: wall(-minute), endsAt: wall(hour), ...given });
const daily = (given: Record<string, unknown> = {}) => running({ rrule: 'FREQ=DAILY', ...given });

const plan = async (client: Client, given: Record<string, unknown> = {}) => {
  const response = await client.post(base, once(given));
  expect(response.status).toBe(201);
  return bodyOf<MaintenanceWindowView>(response);
};
const listed = async (client: Client, query = '') =>
  (await bodyOf<Page<MaintenanceWindowView>>(await client.get(`${base}${query}`))).data;
const occurring = async (client: Client, query = '') =>
  (await bodyOf<Page<OccurrenceView>>(await client.get(`${base}/occurrences${query}`))).data;
const quiet = { intervalSeconds: 3600, regions: ['weur'] };

describe('skipping an occurrence', () => {
  const seen = (window: MaintenanceWindowView) => ({
    next: window.next?.from,
    skipped: window.skipped.map((s) => s.from),
  });
  const act = async (client: Client, { id }: { id: string }, how: 'skip' | 'unskip', from = '') =>
    client.post(`${base}/${id}/${how}`, { from });
  const changed = async (...given: Parameters<typeof act>) => bodyOf<MaintenanceWindowView>(await act(...given));
  const weekly = { rrule: 'FREQ=WEEKLY' };

  test('leaves it out everywhere until somebody takes that back', async () => {
    const owner = await signUp();
    const window = await plan(owner, weekly);
    const from = window.next?.from ?? '';
    const after = new Date(Date.parse(from) + 7 * day).toISOString();
    const skipped = await changed(owner, window, 'skip', from);
    expect(seen(skipped)).toEqual({ next: after, skipped: [from] });
    expect((await occurring(owner)).map((one) => one.from)).not.toContain(from);
    expect(seen(await changed(owner, window, 'skip', from))).toEqual({ next: after, skipped: [from] });
    expect(seen(await changed(owner, window, 'unskip', from))).toEqual({ next: from, skipped: [] });
    expect(seen(await changed(owner, window, 'unskip', from))).toEqual({ next: from, skipped: [] });
    const { data } = await bodyOf<Page<{ action: string }>>(await owner.get('/api/v1/audit'));
    expect(data.map(({ action }) => action)).toEqual([
      'maintenance.changed',
      'maintenance.changed',
      'maintenance.created',
      'team.created',
    ]);
  });

  test('leaves what runs just now as it is, and what was', async () => {
    const owner = await signUp();
    const window = await plan(owner, daily());
    const skipped = await changed(owner, window, 'skip', window.next?.from);
    expect(skipped).toMatchObject({ id: window.id, state: 'running', current: window.current });
    expect(await occurring(owner, `?from=${wall(-day)}:00Z&to=${wall(hour)}:00Z`)).toHaveLength(1);
  });

  test('two people at once both succeed', async () => {
    const owner = await signUp();
    const window = await plan(owner, weekly);
    const froms = [0, 1, 2].map((weeks) =>
      new Date(Date.parse(window.next?.from ?? '') + weeks * 7 * day).toISOString(),
    );
    await Promise.all(froms.map((from) => act(owner, window, 'skip', from)));
    expect((await listed(owner)).map(seen)).toEqual([{ next: expect.any(String), skipped: froms }]);
  });

  test.each<[what: string, given: object, from: (window: MaintenanceWindowView) => string, message: RegExp]>([
    [
      'that does not exist',
      weekly,
      () => '2030-01-01T00:00:30Z',
      /^No occurrence of this window starts at that time\.$/,
    ],
    ['that has begun', daily(), (window) => `${window.startsAt}:00Z`, /is running\. End it instead/],
    [
      'that is the only one',
      {},
      (window) => window.next?.from ?? '',
      /No future occurrence would be left\. Delete the window/,
    ],
    ['that is no time', weekly, () => 'Sunday', /^Use a time/],
  ])('refuses one %s', async (_, given, from, message) => {
    const owner = await signUp();
    const window = await plan(owner, given as Record<string, unknown>);
    const problem = await problemOf(await act(owner, window, 'skip', from(window)));
    expect(problem).toMatchObject({ status: 400, errors: [{ path: 'from', message: expect.stringMatching(message) }] });
  });

  test('of one that would run by now is not undone, and is shown until it would be over', async () => {
    const owner = await signUp();
    const { startsAt, ...times } = daily();
    const window = await plan(owner, { startsAt, ...times, skipped: [startsAt] });
    const from = `${startsAt}:00.000Z`;
    expect(window).toMatchObject({ state: 'upcoming', skipped: [{ from }] });
    expect(await problemOf(await act(owner, window, 'unskip', from))).toMatchObject({
      status: 400,
      errors: [{ path: 'from', message: expect.stringContaining('would already have started') }],
    });
  });

  test('is for the own team', async () => {
    const window = await plan(await signUp(), weekly);
    expect((await act(await signUp(), window, 'skip', window.next?.from)).status).toBe(404);
  });

  test('can be asked for beforehand, by the wall; a change of the rule forgets what no longer fits', async () => {
    const owner = await signUp();
    const startsAt = wall(hour);
    const second = new Date(Date.parse(`${startsAt}Z`) + 7 * day).toISOString().slice(0, 16);
    const window = await plan(owner, { ...weekly, startsAt, skipped: [second] });
    expect(window.skipped.map((one) => one.startsAt)).toEqual([second]);
    const times = { startsAt, endsAt: window.endsAt, timeZone: 'UTC', rrule: 'FREQ=DAILY', skipped: [second, wall(0)] };
    const preview = await bodyOf<MaintenancePreview>(
      await owner.post(`${base}/preview`, { ...times, rrule: 'FREQ=WEEKLY' }),
    );
    expect(preview.occurrences.map(({ from }) => from)).not.toContain(`${second}:00.000Z`);
    const patched = await owner.patch(`${base}/${window.id}`, { rrule: 'FREQ=WEEKLY;INTERVAL=2' });
    expect(await bodyOf(patched)).toMatchObject({ skipped: [] });
    const refused = await problemOf(await owner.patch(`${base}/${window.id}`, { skipped: [second] }));
    expect(refused).toMatchObject({ status: 400, errors: [{ path: 'skipped' }] });
    const exdate = await problemOf(await owner.post(base, once({ rrule: 'FREQ=DAILY;EXDATE=20261129T020000' })));
    expect(exdate.errors).toEqual([{ path: 'rrule', message: expect.stringContaining('"skipped"') }]);
  });
});

describe('planning', () => {
  test('a window is created, read, listed, changed and deleted', async () => {
    const owner = await signUp();
    const monitor = await create(owner, quiet);
    const given = { rrule: 'FREQ=WEEKLY', allMonitors: false, monitorIds: [monitor.id], tags: ['db'] };
    const window = await plan(owner, given);
    expect(window).toMatchObject({ ...once(given), state: 'upcoming', current: null });
    expect(Date.parse(window.next?.from ?? '')).toBe(Date.parse(`${window.startsAt}Z`));
    expect(await bodyOf(await owner.get(`${base}/${window.id}`))).toEqual(window);
    expect(await listed(owner)).toEqual([window]);
    const changed = await bodyOf<MaintenanceWindowView>(
      await owner.patch(`${base}/${window.id}`, { title: 'Move database', rrule: null }),
    );
    expect(changed).toMatchObject({ id: window.id, title: 'Move database', rrule: null, monitorIds: [monitor.id] });
    expect((await owner.delete(`${base}/${window.id}`)).status).toBe(204);
    expect((await owner.get(`${base}/${window.id}`)).status).toBe(404);
    expect(
      await env.DB.prepare('SELECT count(*) FROM maintenance_windows WHERE id = ?').bind(window.id).first('count(*)'),
    ).toBe(0);
  });

  test('a window is set in the time zone of the team unless it names one', async () => {
    const owner = await signUp();
    expect(owner.team.timeZone).toBe('UTC');
    expect((await owner.patch('/api/v1/me/team', { timeZone: 'Mars/Olympus' })).status).toBe(400);
    const me = await bodyOf<{ team: { timeZone: string } }>(
      await owner.patch('/api/v1/me/team', { timeZone: 'Asia/Tokyo' }),
    );
    expect(me.team.timeZone).toBe('Asia/Tokyo');
    const next = await plan(owner, { startsAt: wall(2 * day), endsAt: wall(2 * day + hour), timeZone: undefined });
    expect(next.timeZone).toBe('Asia/Tokyo');
    expect(Date.parse(next.next?.from ?? '')).toBe(Date.parse(`${next.startsAt}+09:00`));
  });

  test('the next five times can be seen before anything is created', async () => {
    const owner = await signUp();
    const { startsAt, endsAt } = once();
    const asked = { startsAt, endsAt, timeZone: 'Europe/Berlin', rrule: 'FREQ=WEEKLY;BYDAY=SU' };
    const preview = await bodyOf<MaintenancePreview>(await owner.post(`${base}/preview`, asked));
    expect(preview.timeZone).toBe('Europe/Berlin');
    expect(preview.occurrences).toHaveLength(5);
    expect(await listed(owner)).toEqual([]);
    expect(await problemOf(await owner.post(`${base}/preview`, { ...asked, rrule: 'FREQ=SECONDLY' }))).toMatchObject({
      status: 400,
      errors: [{ path: 'rrule' }],
    });
  });

  test('occurrences of all windows come in their order and in pages', async () => {
    const owner = await signUp();
    const a = await plan(owner, { rrule: 'FREQ=DAILY;COUNT=3' });
    const b = await plan(owner, { title: 'Backup', startsAt: wall(26 * hour), endsAt: wall(27 * hour) });
    const all = await occurring(owner);
    expect(all.map((one) => one.title)).toEqual(['Deploy database', 'Deploy database', 'Backup', 'Deploy database']);
    expect(all[2]).toEqual({ windowId: b.id, title: 'Backup', from: b.next?.from, to: b.next?.to });
    expect(all[0]?.windowId).toBe(a.id);
    const first = await bodyOf<Page<OccurrenceView>>(await owner.get(`${base}/occurrences?limit=3`));
    expect(first.data).toEqual(all.slice(0, 3));
    expect(await occurring(owner, `?limit=3&cursor=${first.nextCursor}`)).toEqual(all.slice(3));
    expect(
      await problemOf(await owner.get(`${base}/occurrences?from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z`)),
    ).toMatchObject({
      status: 400,
      errors: [{ path: 'to', message: expect.stringMatching(/100 days/) }],
    });
  });

  test('the list is filtered by monitor and by whether a window is over', async () => {
    const owner = await signUp();
    const tagged = await create(owner, { ...quiet, tags: ['db', 'eu'] });
    const other = await create(owner, quiet);
    const everything = await plan(owner, { title: 'all' });
    const byTag = await plan(owner, { title: 'tag', allMonitors: false, tags: ['eu'] });
    const byName = await plan(owner, { title: 'name', allMonitors: false, monitorIds: [other.id] });
    const titles = async (query: string) => (await listed(owner, query)).map((window) => window.title);
    expect(await titles('')).toEqual(['name', 'tag', 'all']);
    expect(await titles(`?monitorId=${tagged.id}`)).toEqual([byTag.title, everything.title]);
    expect(await titles(`?monitorId=${other.id}`)).toEqual([byName.title, everything.title]);
    expect(await titles('?state=over')).toEqual([]);
    const page = await bodyOf<Page<MaintenanceWindowView>>(await owner.get(`${base}?limit=2&state=open`));
    expect(page.data).toHaveLength(2);
    expect(await titles(`?limit=2&cursor=${page.nextCursor}`)).toEqual(['all']);
  });
});

describe('the past does not change', () => {
  /** As if it had been made that long ago. */
  const backdate = (id: string, ms: number) =>
    env.DB.prepare('UPDATE maintenance_windows SET effective_from = effective_from - ?2 WHERE id = ?1')
      .bind(id, ms)
      .run();
  const past = async (client: Client) => {
    const all = await occurring(
      client,
      `?from=${new Date(Date.now() - 10 * day).toISOString()}&to=${new Date().toISOString()}`,
    );
    return all.map(({ title, from, to }) => [title, Math.round((Date.parse(to) - Date.parse(from)) / minute)]);
  };
  const twoDays = { rrule: 'FREQ=DAILY', startsAt: wall(-2 * day - 3 * hour), endsAt: wall(-2 * day - 2 * hour) };

  test('a window that occurred goes on from now when it is changed, under its id', async () => {
    const owner = await signUp();
    const monitor = await create(owner, { ...quiet, tags: ['db'] });
    const window = await plan(owner, { ...twoDays, allMonitors: false, tags: ['db'] });
    await backdate(window.id, 10 * day);
    const before = await past(owner);
    expect(before).toEqual([
      ['Deploy database', 60],
      ['Deploy database', 60],
      ['Deploy database', 60],
    ]);
    const changed = await owner.patch(`${base}/${window.id}`, { endsAt: wall(-2 * day - 2.5 * hour), tags: ['eu'] });
    expect(changed.status).toBe(200);
    expect(await past(owner)).toEqual(before);
    const [over, ...others] = await listed(owner, '?state=over');
    expect(others).toEqual([]);
    expect(over).toMatchObject({ tags: [], monitorIds: [monitor.id], state: 'over' });
    await owner.patch(`${monitorsBase}/${monitor.id}`, { tags: [] });
    expect((await listed(owner, `?monitorId=${monitor.id}`)).map((one) => one.id)).toEqual([over?.id]);
  });

  test('a monitor that gets or loses a tag keeps its past, in windows that go on and in those that are over', async () => {
    const owner = await signUp();
    const member = await create(owner, { ...quiet, tags: ['db'] });
    const stranger = await create(owner, quiet);
    const goesOn = await plan(owner, { ...twoDays, allMonitors: false, tags: ['db'] });
    const over = await plan(owner, { ...twoDays, allMonitors: false, tags: ['db'] });
    for (const { id } of [goesOn, over]) await backdate(id, 10 * day);
    await owner.delete(`${base}/${over.id}`);
    const heldBefore = async (monitorId: string) => {
      const period = `from=${new Date(Date.now() - 10 * day).toISOString()}&to=${new Date().toISOString()}`;
      return (await occurring(owner, `?${period}&monitorId=${monitorId}`)).length;
    };
    const counts = async () => [await heldBefore(member.id), await heldBefore(stranger.id)];
    expect(await counts()).toEqual([6, 0]);
    await owner.patch(`${monitorsBase}/${member.id}`, { tags: ['eu'] });
    await owner.patch(`${monitorsBase}/${stranger.id}`, { tags: ['db'] });
    expect(await counts()).toEqual([6, 0]);
    expect((await listed(owner, `?state=open&monitorId=${stranger.id}`)).map((one) => one.id)).toEqual([goesOn.id]);
    expect(await listed(owner, `?state=open&monitorId=${member.id}`)).toEqual([]);
  });

  test('its title alone is changed in place', async () => {
    const owner = await signUp();
    const window = await plan(owner, twoDays);
    await backdate(window.id, 10 * day);
    await owner.patch(`${base}/${window.id}`, { title: 'Nightly backup' });
    expect(await past(owner)).toEqual(Array.from({ length: 3 }, () => ['Nightly backup', 60]));
    expect(await listed(owner, '?state=over')).toEqual([]);
  });

  test('a window that occurred ends when it is deleted, and deleting it again changes nothing', async () => {
    const owner = await signUp();
    const window = await plan(owner, twoDays);
    await backdate(window.id, 10 * day);
    for (let i = 0; i < 2; i++) {
      expect((await owner.delete(`${base}/${window.id}`)).status).toBe(204);
      expect((await listed(owner, '?state=over')).map((one) => one.id)).toEqual([window.id]);
      expect(await past(owner)).toHaveLength(3);
    }
    expect(await occurring(owner)).toEqual([]);
  });

  test('a running occurrence can be ended, and comes again next time', async () => {
    const owner = await signUp();
    const window = await plan(owner, daily());
    expect(window.state).toBe('running');
    const ended = await bodyOf<MaintenanceWindowView>(await owner.post(`${base}/${window.id}/end`));
    expect(ended).toMatchObject({ id: window.id, state: 'upcoming', current: null, next: window.next });
    expect((await problemOf(await owner.post(`${base}/${window.id}/end`))).status).toBe(409);
    const single = await plan(owner, running());
    expect(await bodyOf(await owner.post(`${base}/${single.id}/end`))).toMatchObject({ id: single.id, state: 'over' });
    expect((await occurring(owner)).every((one) => Date.parse(one.from) > Date.now())).toBe(true);
  });

  test('two simultaneous changes are both kept, one after the other', async () => {
    const owner = await signUp();
    const window = await plan(owner, daily());
    const answers = await Promise.all([
      owner.patch(`${base}/${window.id}`, { title: 'Both' }),
      owner.patch(`${base}/${window.id}`, { endsAt: wall(2 * hour) }),
    ]);
    expect(answers.map((response) => response.status)).toEqual([200, 200]);
    expect(await bodyOf(await owner.get(`${base}/${window.id}`))).toMatchObject({
      title: 'Both',
      endsAt: wall(2 * hour),
    });
  });
});

describe('bad input', () => {
  test.each([
    [{ endsAt: wall(30 * minute) }, 'endsAt'],
    [{ startsAt: 'soon' }, 'startsAt'],
    [{ startsAt: wall(-3 * hour), endsAt: wall(-2 * hour) }, 'endsAt'],
    [{ rrule: 'FREQ=SECONDLY' }, 'rrule'],
    [{ rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, 'rrule'],
    [{ timeZone: 'Europe/Atlantis' }, 'timeZone'],
    [{ title: '' }, 'title'],
    [{ allMonitors: false }, 'monitorIds'],
    [{ monitorIds: ['mon_nobody'] }, 'monitorIds'],
    [{ monitorIds: Array.from({ length: 1_001 }, (_, i) => `mon_${i}`) }, 'monitorIds'],
    [{ colour: 'red' }, 'colour'],
  ])('%#: is answered with the field', async (given, path) => {
    const owner = await signUp();
    const problem = await problemOf(await owner.post(base, once(given)));
    expect([problem.status, problem.errors.map((error) => error.path)]).toEqual([400, [path]]);
  });

  test('a window can hold 1,000 monitors by name', async () => {
    const owner = await signUp();
    const first = await create(owner, quiet);
    await env.DB.prepare(
      `INSERT INTO monitors (id, team_id, kind, name, settings, address, timeout_ms, interval_seconds, regions,
         tags, verdict_since, created_at, updated_at)
       SELECT 'mon_' || chosen.value || ?2, m.team_id, m.kind, name, settings, address, timeout_ms, interval_seconds, regions,
         tags, verdict_since, created_at, updated_at FROM monitors AS m, json_each(?3) AS chosen WHERE m.id = ?1`,
    )
      .bind(first.id, crypto.randomUUID().slice(0, 8), JSON.stringify(Array.from({ length: 999 }, (_, i) => i)))
      .run();
    const { results } = await env.DB.prepare('SELECT id FROM monitors WHERE team_id = ?')
      .bind(owner.team.id)
      .all<{ id: string }>();
    const window = await plan(owner, { allMonitors: false, monitorIds: results.map((row) => row.id) });
    expect(window.monitorIds).toHaveLength(1_000);
  });

  test('a team has at most 100 windows that are not over', async () => {
    const owner = await signUp();
    const first = await plan(owner);
    await env.DB.prepare(
      `INSERT INTO maintenance_windows (id, team_id, title, starts_at, time_zone, duration_seconds, rrule, all_monitors, tags,
         effective_from, effective_until, created_by, created_at, updated_at)
       SELECT w.id || chosen.value, team_id, title, starts_at, time_zone, duration_seconds, rrule,
         all_monitors, tags, effective_from, effective_until, created_by, created_at, updated_at
       FROM maintenance_windows AS w, json_each(?2) AS chosen WHERE w.id = ?1`,
    )
      .bind(first.id, JSON.stringify(Array.from({ length: 99 }, (_, i) => i)))
      .run();
    expect(await problemOf(await owner.post(base, once()))).toMatchObject({ status: 403, code: 'limit_reached' });
    await owner.delete(`${base}/${first.id}`);
    expect((await owner.post(base, once())).status).toBe(201);
  });

  test('the windows of a team occur at most 240 times a day together', async () => {
    const owner = await signUp();
    const hourly = `FREQ=DAILY;BYHOUR=${Array.from({ length: 24 }, (_, i) => i).join()}`;
    const often = { ...once(), endsAt: '2027-02-01T02:30', startsAt: '2027-02-01T02:00', rrule: hourly };
    for (let i = 0; i < 10; i++) expect((await owner.post(base, often)).status).toBe(201);
    expect(await problemOf(await owner.post(base, often))).toMatchObject({
      status: 400,
      errors: [
        {
          path: 'rrule',
          message: expect.stringContaining('240 times a day in total; with this one they would occur 264 times'),
        },
      ],
    });
    const { id } = await plan(owner);
    expect(await problemOf(await owner.patch(`${base}/${id}`, { rrule: 'FREQ=DAILY' }))).toMatchObject({ status: 400 });
    // An existing one can be changed as long as it does not occur more often.
    const first = (await listed(owner)).find(({ rrule }) => rrule === hourly);
    expect((await owner.patch(`${base}/${first?.id}`, { title: 'Renamed', rrule: hourly })).status).toBe(200);
  });

  test('a window of another team is not found', async () => {
    const [owner, stranger] = [await signUp(), await signUp()];
    const monitor = await create(owner, quiet);
    const window = await plan(owner);
    expect(await problemOf(await stranger.post(base, once({ monitorIds: [monitor.id] })))).toMatchObject({
      status: 400,
      errors: [{ path: 'monitorIds' }],
    });
    for (const response of [
      await stranger.get(`${base}/${window.id}`),
      await stranger.patch(`${base}/${window.id}`, { title: 'Mine' }),
      await stranger.delete(`${base}/${window.id}`),
      await stranger.post(`${base}/${window.id}/end`),
      await stranger.get(`${base}?monitorId=${monitor.id}`),
    ])
      expect(response.status).toBe(404);
    expect(await listed(stranger)).toEqual([]);
    expect(await occurring(stranger)).toEqual([]);
  });
});

test('monitors say which window holds them and which comes next; the verdict stays, and paused wins in the list', async () => {
  const owner = await signUp();
  const held = await create(owner, { ...quiet, tags: ['db'] });
  const free = await create(owner, quiet);
  const paused = await create(owner, { ...quiet, tags: ['db'] });
  await owner.post(`${monitorsBase}/${paused.id}/pause`);
  const window = await plan(owner, daily({ allMonitors: false, tags: ['db'] }));
  const next = await plan(owner, { title: 'Later' });
  const item = await bodyOf<MonitorDetailView>(await owner.get(`${monitorsBase}/${held.id}`));
  expect(item.verdict).not.toBe('maintenance');
  expect(item.maintenance).toEqual({ windowId: window.id, title: window.title, ...window.current });
  expect(item.nextMaintenance).toEqual({ windowId: next.id, title: 'Later', ...next.next });
  const { data } = await list(owner, '?verdict=maintenance');
  expect(data.map((one) => one.id)).toEqual([held.id]);
  const other = (await list(owner)).data.find((one) => one.id === free.id);
  expect(other?.maintenance).toBeNull();
  await owner.delete(`${monitorsBase}/${held.id}`);
  expect((await list(owner, '?verdict=maintenance')).data).toEqual([]);
});
