import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type {
  AuditEntryView,
  ChannelDeletedView,
  EscalationPolicyView,
  OnCallNowView,
  OnCallScheduleView,
  Page,
  PersonView,
  ShiftView,
  TargetDeletedView,
} from '../../../worker/contract/views.ts';
import { receiverFor } from '../channels/alerting.ts';
import { problemOf } from '../monitors/monitorApi.ts';
import { bodyOf, createClient, signUp } from '../support/client.ts';
import { layerOf, type Owner, seedOwnHook, seedPerson, seedSchedule, setSteps } from './onCall.ts';

const people = '/api/v1/people';
const onCall = '/api/v1/on-call';

let owner: Owner;
let stranger: Owner;
let ada: PersonView;
let ben: PersonView;

beforeAll(async () => {
  owner = await signUp();
  stranger = await signUp();
  ada = await seedPerson(owner, 'Ada');
  ben = await seedPerson(owner, 'Ben');
});

const iso = (text: string) => new Date(text).toISOString();

const shiftsOf = async (id: string, from: string, to: string) => {
  const { data } = await bodyOf<Page<ShiftView>>(
    await owner.get(`${onCall}/${id}/shifts?from=${iso(from)}&to=${iso(to)}`),
  );
  return data.map((shift) => `${shift.from.slice(0, 16)} ${shift.person?.name ?? '-'}`);
};

test('a person has channels of the team, can be changed and deleted', async () => {
  const hook = await seedOwnHook(owner, receiverFor().url);
  const eve = await seedPerson(owner, ' Eve ', [hook, hook]);
  expect(eve).toMatchObject({ name: 'Eve', channelIds: [hook] });
  const { data } = await bodyOf<Page<PersonView>>(await owner.get(people));
  expect(data.map(({ name }) => name)).toEqual(['Ada', 'Ben', 'Eve']);
  const renamed = await bodyOf<PersonView>(await owner.patch(`${people}/${eve.id}`, { name: 'Eva' }));
  expect(renamed).toMatchObject({ name: 'Eva', channelIds: [hook] });
  expect(await bodyOf(await owner.get(`${people}/${eve.id}`))).toEqual(renamed);
  expect(await bodyOf(await owner.delete(`${people}/${eve.id}`))).toEqual({ removedFrom: [] });
  expect(await problemOf(await owner.get(`${people}/${eve.id}`))).toMatchObject({ status: 404 });
});

test('the second of two people who change a person from the same version is refused', async () => {
  const eve = await seedPerson(owner, 'Eve');
  const path = `${people}/${eve.id}`;
  const first = await bodyOf<PersonView>(await owner.patch(path, { name: 'Eva', updatedAt: eve.updatedAt }));
  expect(await problemOf(await owner.patch(path, { name: 'Evi', updatedAt: eve.updatedAt }))).toMatchObject({
    status: 409,
    code: 'version_conflict',
  });
  expect(await bodyOf(await owner.get(path))).toEqual(first);
  expect(await problemOf(await owner.patch(path, { updatedAt: 'just now' }))).toMatchObject({
    status: 400,
    errors: [{ path: 'updatedAt' }],
  });
  const again = await owner.patch(path, { name: 'Evi', updatedAt: first.updatedAt });
  expect(await bodyOf(again)).toMatchObject({ name: 'Evi' });
  await owner.delete(path);
});

test('a deleted channel leaves the lists of people, and the answer says whom nothing reaches any more', async () => {
  const [hook, other] = [await seedOwnHook(owner, receiverFor().url), await seedOwnHook(owner, receiverFor().url)];
  const [eve, fay] = [await seedPerson(owner, 'Eve', [hook]), await seedPerson(owner, 'Fay', [hook, other])];
  const deleted = await bodyOf<ChannelDeletedView>(await owner.delete(`/api/v1/channels/${hook}`));
  expect(deleted.people).toEqual([
    { id: eve.id, name: 'Eve', isReached: false },
    { id: fay.id, name: 'Fay', isReached: true },
  ]);
  expect((await bodyOf<PersonView>(await owner.get(`${people}/${fay.id}`))).channelIds).toEqual([other]);
  for (const { id } of [eve, fay]) await owner.delete(`${people}/${id}`);
});

test('a weekly schedule says who is on call now, until when, and who is next', async () => {
  const made = await seedSchedule(owner, 'Ops', [layerOf([ada.id, ben.id])]);
  expect(made).toMatchObject({ name: 'Ops', timeZone: 'UTC', overrides: [] });
  const now = await bodyOf<OnCallNowView>(await owner.get(`${onCall}/${made.id}/now`));
  expect(now).toEqual(made.now);
  expect([now.person?.name, now.next?.person?.name].toSorted()).toEqual(['Ada', 'Ben']);
  const until = Date.parse(now.until ?? '');
  expect(until).toBeGreaterThan(Date.now());
  expect(until - Date.now()).toBeLessThanOrEqual(7 * 86_400_000);
  expect(now.next?.from).toBe(now.until);
  expect(Date.parse(now.next?.to ?? '') - until).toBe(7 * 86_400_000);
});

test('shifts hand over at the same local time across daylight saving, and gaps are shifts of nobody', async () => {
  const daily = layerOf([ada.id, ben.id], { startsAt: '2027-03-26T09:00', rotation: { count: 1, unit: 'days' } });
  const { id } = await seedSchedule(owner, 'Berlin', [daily], 'Europe/Berlin');
  expect(await shiftsOf(id, '2027-03-25T00:00Z', '2027-03-30T00:00Z')).toEqual([
    '2027-03-25T00:00 -',
    '2027-03-26T08:00 Ada',
    '2027-03-27T08:00 Ben',
    '2027-03-28T07:00 Ada',
    '2027-03-29T07:00 Ben',
  ]);
  const tooLong = await owner.get(`${onCall}/${id}/shifts?from=2027-01-01T00:00:00Z&to=2027-06-01T00:00:00Z`);
  expect(await problemOf(tooLong)).toMatchObject({ status: 400, errors: [{ path: 'to' }] });
});

test('somebody stands in, and those whose turn it was take it again', async () => {
  const { id } = await seedSchedule(owner, 'Stand-ins', [layerOf([ada.id])]);
  const span = { from: iso('2027-03-01T10:00Z'), to: iso('2027-03-01T12:00Z') };
  const added = await owner.post(`${onCall}/${id}/overrides`, { personId: ben.id, ...span });
  expect(added.status).toBe(201);
  const { overrides } = await bodyOf<OnCallScheduleView>(added);
  expect(overrides).toEqual([{ id: expect.any(String), person: { id: ben.id, name: 'Ben' }, ...span }]);
  const day = ['2027-03-01T09:00Z', '2027-03-01T13:00Z'] as const;
  expect(await shiftsOf(id, ...day)).toEqual(['2027-03-01T09:00 Ada', '2027-03-01T10:00 Ben', '2027-03-01T12:00 Ada']);
  const path = `${onCall}/${id}/overrides/${overrides[0]?.id}`;
  expect((await bodyOf<OnCallScheduleView>(await owner.delete(path))).overrides).toEqual([]);
  expect(await shiftsOf(id, ...day)).toEqual(['2027-03-01T09:00 Ada']);
  expect(await problemOf(await owner.delete(path))).toMatchObject({ status: 404 });
});

test('two who stand in at once both do, and a change that rests on an older version is refused', async () => {
  const made = await seedSchedule(owner, 'Busy', [layerOf([ada.id])]);
  const path = `${onCall}/${made.id}`;
  const span = { from: iso('2027-03-01T10:00Z'), to: iso('2027-03-01T12:00Z') };
  await Promise.all([ada, ben].map(({ id }) => owner.post(`${path}/overrides`, { personId: id, ...span })));
  const seen = await bodyOf<OnCallScheduleView>(await owner.get(path));
  expect(seen.overrides).toHaveLength(2);
  const stale = await owner.patch(path, { name: 'Mine', updatedAt: made.updatedAt });
  expect(await problemOf(stale)).toMatchObject({ status: 409, code: 'version_conflict' });
  const fresh = await owner.patch(path, { name: 'Theirs', updatedAt: seen.updatedAt });
  expect(await bodyOf(fresh)).toMatchObject({ name: 'Theirs', overrides: seen.overrides });
});

test('a person in a rotation cannot be deleted; one whom only a policy names leaves it', async () => {
  const made = await seedSchedule(owner, 'Nights', [layerOf([ben.id])]);
  const refused = await owner.delete(`${people}/${ben.id}`);
  expect(refused.status).toBe(409);
  expect((await bodyOf(refused)).detail).toContain('“Nights”');
  const eve = await seedPerson(owner, 'Eve');
  const target = { type: 'onCall', id: made.id };
  await setSteps(owner, [{ targets: [{ type: 'person', id: eve.id }] }, { targets: [target] }]);
  const deleted = await bodyOf<TargetDeletedView>(await owner.delete(`${people}/${eve.id}`));
  expect(deleted.removedFrom).toMatchObject([{ name: 'Default', notifiesNobody: false }]);
  const policy = await bodyOf<EscalationPolicyView>(await owner.get('/api/v1/escalation-policies/default'));
  expect(policy.steps.map(({ targets }) => targets)).toEqual([[target]]);
  const gone = await bodyOf<TargetDeletedView>(await owner.delete(`${onCall}/${made.id}`));
  expect(gone.removedFrom).toMatchObject([{ name: 'Default', notifiesNobody: true }]);
});

test('a calendar program reads the shifts without a session, until the address is renewed', async () => {
  const made = await seedSchedule(owner, 'Ops, "day"', [layerOf([ada.id, ben.id])]);
  const program = createClient();
  const { pathname } = new URL(made.calendarUrl);
  const answer = await program.get(pathname);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  expect(answer.headers.get('cache-control')).toContain('private');
  const text = await answer.text();
  expect(text).toContain('X-WR-CALNAME:On call: Ops\\, "day"');
  expect(text.match(/SUMMARY:Ada/g)?.length).toBeGreaterThan(5);
  const renewed = await bodyOf<OnCallScheduleView>(await owner.post(`${onCall}/${made.id}/calendar/renew`));
  expect(renewed.calendarUrl).not.toBe(made.calendarUrl);
  expect((await program.get(new URL(renewed.calendarUrl).pathname)).status).toBe(200);
  for (const path of [pathname, `/calendars/${made.id}/x.ics`, `/calendars/onc_none/${'0'.repeat(48)}.ics`])
    expect(await problemOf(await program.get(path))).toMatchObject({ status: 404 });
});

test('a calendar that a program has already is not sent again, until something in it changes', async () => {
  const eve = await seedPerson(owner, 'Eve');
  const made = await seedSchedule(owner, 'Cached', [layerOf([ada.id, eve.id])]);
  const { pathname } = new URL(made.calendarUrl);
  const program = createClient();
  const first = await program.get(pathname);
  const tag = first.headers.get('etag') ?? '';
  const headers = { 'if-none-match': `"another", ${tag}` };
  const again = await program.get(pathname, { headers });
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
  expect(await (await program.get(pathname)).text()).toBe(await first.text());
  await owner.patch(`${people}/${eve.id}`, { name: 'Eva' });
  const renamed = await program.get(pathname, { headers });
  expect([renamed.status, (await renamed.text()).includes('SUMMARY:Eva (Cached)')]).toEqual([200, true]);
  await owner.patch(`${onCall}/${made.id}`, { layers: [layerOf([ada.id])] });
  const changed = await program.get(pathname, { headers: { 'if-none-match': renamed.headers.get('etag') ?? '' } });
  expect([changed.status, (await changed.text()).includes('Eva')]).toEqual([200, false]);
});

test('a schedule from before the limit of changes keeps working: its shifts come in pages, its calendar has an end', async () => {
  const made = await seedSchedule(owner, 'Busy bees', [layerOf([ada.id, ben.id])]);
  const hourly = { ...layerOf([ada.id, ben.id]), rotation: { count: 1, unit: 'hours' } };
  const minutes = (offset: number) =>
    Array.from({ length: 20 }, (_, i) => {
      const at = (minute: number) => new Date(minute * 60_000).toISOString().slice(11, 16);
      return {
        days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
        from: at(i * 72 + offset),
        to: at(i * 72 + offset + 7),
      };
    });
  const layers = Array.from({ length: 10 }, (_, i) => ({ ...hourly, hours: minutes(i * 7) }));
  const refused = await problemOf(await owner.patch(`${onCall}/${made.id}`, { layers }));
  expect(refused).toMatchObject({ status: 400, errors: [{ path: 'layers' }] });
  await env.DB.prepare('UPDATE on_call_schedules SET layers = ?1 WHERE id = ?2')
    .bind(JSON.stringify(layers), made.id)
    .run();
  const path = `${onCall}/${made.id}/shifts?from=2027-03-01T00:00:00Z&to=2027-05-01T00:00:00Z`;
  const first = await bodyOf<Page<ShiftView>>(await owner.get(path));
  expect(first.data).toHaveLength(1_000);
  const second = await bodyOf<Page<ShiftView>>(await owner.get(`${path}&cursor=${first.nextCursor}`));
  expect(second.data[0]?.from).toBe(first.data.at(-1)?.to);
  expect(await problemOf(await stranger.get(`${path}&cursor=${first.nextCursor}`))).toMatchObject({ status: 400 });
  expect((await owner.patch(`${onCall}/${made.id}`, { name: 'Still busy' })).status).toBe(200);
  const calendar = await (await createClient().get(new URL(made.calendarUrl).pathname)).text();
  expect(calendar.match(/BEGIN:VEVENT/g)).toHaveLength(3_000);
});

test.each<[input: unknown, path: string, says: string]>([
  [{ layers: [layerOf([])] }, 'layers.0.participants', 'at least one person'],
  [{ layers: [] }, 'layers', 'needs at least one layer'],
  [{ layers: [layerOf(['per_none'])] }, 'layers.0.participants.0', 'does not exist'],
  [{ layers: [layerOf(['x'], { startsAt: '2026-02-30T09:00' })] }, 'layers.0.startsAt', 'such as'],
  [{ layers: [layerOf(['x'], { rotation: { count: 0, unit: 'days' } })] }, 'layers.0.rotation.count', 'at least'],
  [{ layers: [layerOf(['x'], { rotation: { count: 1, unit: 'moons' } })] }, 'layers.0.rotation.unit', '"weeks"'],
  [{ layers: [layerOf(['x'])], timeZone: 'Berlin' }, 'timeZone', 'time zone'],
  [{ layers: [layerOf(['x'])], name: ' ' }, 'name', 'name'],
])('the schedule %j is refused with a message for the field', async (input, path, says) => {
  const given = { name: 'Ops', timeZone: 'UTC', ...(input as object) };
  const { status, errors } = await problemOf(await owner.post(onCall, given));
  expect(status).toBe(400);
  expect(errors.find((error) => error.path === path)?.message).toContain(says);
});

test('an override that ends before it begins, is over, or is of nobody known is refused', async () => {
  const { id } = await seedSchedule(owner, 'Strict', [layerOf([ada.id])]);
  const of = async (personId: string, from: string, to: string) =>
    problemOf(await owner.post(`${onCall}/${id}/overrides`, { personId, from: iso(from), to: iso(to) }));
  expect(await of(ada.id, '2027-01-02', '2027-01-01')).toMatchObject({ status: 400, errors: [{ path: 'to' }] });
  expect(await of(ada.id, '2020-01-01', '2020-01-02')).toMatchObject({ status: 400, errors: [{ path: 'to' }] });
  const theirs = await seedPerson(stranger, 'Sam');
  const unknown = { status: 400, errors: [{ path: 'personId' }] };
  expect(await of(theirs.id, '2027-01-01', '2027-01-02')).toMatchObject(unknown);
});

test('another team sees and uses nothing of it, and a visitor has to sign in', async () => {
  const { id } = await seedSchedule(owner, 'Ours', [layerOf([ada.id])]);
  const channel = await seedOwnHook(owner, receiverFor().url);
  for (const response of [
    await stranger.get(`${people}/${ada.id}`),
    await stranger.patch(`${people}/${ada.id}`, { name: 'Mine' }),
    await stranger.delete(`${people}/${ada.id}`),
    await stranger.get(`${onCall}/${id}`),
    await stranger.get(`${onCall}/${id}/now`),
    await stranger.get(`${onCall}/${id}/shifts`),
    await stranger.patch(`${onCall}/${id}`, { name: 'Mine' }),
    await stranger.delete(`${onCall}/${id}`),
    await stranger.post(`${onCall}/${id}/calendar/renew`),
    await stranger.delete(`${onCall}/${id}/overrides/ovr_1`),
    await stranger.post(`${onCall}/${id}/overrides`, {
      personId: ada.id,
      from: iso('2027-01-01'),
      to: iso('2027-01-02'),
    }),
  ])
    expect(await problemOf(response)).toMatchObject({ status: 404, code: 'not_found' });
  const refused = async (response: Promise<Response>) => (await problemOf(await response)).errors;
  expect(await refused(stranger.post(people, { name: 'Eve', channelIds: [channel] }))).toMatchObject([
    { path: 'channelIds.0', message: 'This channel does not exist.' },
  ]);
  const schedule = { name: 'Ours', timeZone: 'UTC', layers: [layerOf([ada.id])] };
  expect(await refused(stranger.post(onCall, schedule))).toMatchObject([{ path: 'layers.0.participants.0' }]);
  for (const target of [
    { type: 'person', id: ada.id },
    { type: 'onCall', id },
  ]) {
    const steps = [{ afterSeconds: 0, targets: [target] }];
    expect(await refused(stranger.patch('/api/v1/escalation-policies/default', { steps }))).toMatchObject([
      { path: 'steps.0.targets.0.id', message: expect.stringContaining('does not exist') },
    ]);
  }
  for (const path of [people, onCall, `${onCall}/${id}/now`]) expect((await createClient().get(path)).status).toBe(401);
});

test('the audit trail says who changed people and schedules, and of stand-ins that they did', async () => {
  const keeper = await signUp();
  const { id: personId } = await seedPerson(keeper, 'Ada');
  const schedule = await seedSchedule(keeper, 'Ops', [layerOf([personId])]);
  const path = `${onCall}/${schedule.id}`;
  await keeper.patch(`${people}/${personId}`, { name: 'Ada L.' });
  await keeper.patch(`${people}/${personId}`, { name: 'Ada L.' });
  await keeper.delete(`${people}/${personId}`);
  await keeper.patch(path, { name: 'Operations' });
  const span = { from: iso('2027-03-01T10:00Z'), to: iso('2027-03-01T12:00Z') };
  const added = await keeper.post(`${path}/overrides`, { personId, ...span });
  const { overrides } = await bodyOf<OnCallScheduleView>(added);
  await keeper.delete(`${path}/overrides/${overrides[0]?.id}`);
  await keeper.delete(`${path}/overrides/${overrides[0]?.id}`);
  await keeper.post(`${path}/calendar/renew`);
  await keeper.delete(path);
  await keeper.delete(`${people}/${personId}`);
  const { data } = await bodyOf<Page<AuditEntryView>>(await keeper.get('/api/v1/audit'));
  const notified = data.map(({ action, subject, changes }) =>
    [action, subject?.name, ...changes.map(({ field }) => field)].join(' '),
  );
  expect(notified.toSorted()).toEqual([
    'on-call.changed Operations calendarUrl',
    'on-call.changed Operations overrides',
    'on-call.changed Operations overrides',
    'on-call.changed Ops name',
    'on-call.created Ops',
    'on-call.deleted Operations',
    'person.changed Ada name',
    'person.created Ada',
    'person.deleted Ada L.',
    `team.created ${keeper.team.name}`,
  ]);
});
