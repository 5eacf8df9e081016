import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { readIncidentDetail } from '../../../worker/commands/incidents/incidentView.ts';
import { type Decision, writeDecision } from '../../../worker/db/decisions/decisions.ts';
import type { Joined, Outage } from '../../../worker/db/decisions/timelineEvents.ts';
import { recordReopening, recordResolution } from '../../../worker/db/incidents/incidentActions.ts';
import type { Outcome } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { newId } from '../../../worker/ids.ts';
import { outcomeOf } from '../../outcome.ts';
import { eventually, messageFor, type Seeded, seedCohort, services } from '../support/seed.ts';

const target = inject('target');
const start = Date.now() - 60_000;

const outcome = (region: Region, startedAt: number) =>
  outcomeOf(region, startedAt, 'down', {
    ...{ reason: 'status', status: 503, dataCentre: 'AMS' },
    answer: { headers: [{ name: 'server', value: 'x' }], body: 'gone', cut: false },
  });

const outage = (since: number): Outage => ({
  type: 'outage',
  change: 'opened',
  since,
  at: since + 3_000,
  evidence: [outcome('weur', since), outcome('enam', since + 1_000)],
  incidentId: newId('inc'),
});
const recovery = ({ incidentId }: Outage, since: number): Outage => ({
  type: 'outage',
  change: 'closed',
  since,
  at: since + 3_000,
  evidence: [],
  incidentId,
});

const seed = async () => {
  const seeded = await seedCohort({ urls: [`${target}/`], regions: ['weur', 'enam'] });
  let revision = Date.now();
  const decision = (...timelineEvents: (Outage | Joined)[]): Decision => ({
    monitor: seeded.monitors[0]?.number ?? 0,
    teamId: seeded.teamId,
    revision: ++revision,
    verdict: timelineEvents.some((fact) => fact.type === 'joined' || fact.change === 'opened') ? 'down' : 'up',
    verdictSince: start,
    regionHealth: {},
    deliveries: [],
    suspect: false,
    flapping: false,
    timelineEvents,
  });
  const write = async (...timelineEvents: (Outage | Joined)[]) => {
    const decided = decision(...timelineEvents);
    await writeDecision(env.DB, decided, Date.now());
    return () => writeDecision(env.DB, decided, Date.now());
  };
  const read = (id: string | null) => readIncidentDetail(services, { teamId: seeded.teamId, id: id ?? '' });
  const act = (id: string | null) => ({ teamId: seeded.teamId, id: id ?? '', userId: 'usr_ada' });
  return { seeded, decision, write, read, act };
};

const incidentsOf = async (seeded: Seeded) =>
  (
    await env.DB.prepare('SELECT id, resolved_at FROM incidents WHERE monitor = ? ORDER BY started_at')
      .bind(seeded.monitors[0]?.number)
      .all<{ id: string; resolved_at: number | null }>()
  ).results;

const shown = async (read: ReturnType<typeof readIncidentDetail>) =>
  (await read).timeline.map((event) => [event.kind, Date.parse(event.at) - start]);

test('the facts of an outage are in its timeline with their times, written once however often', async () => {
  const { write, read } = await seed();
  const down = outage(start);
  const again = await write(down);
  await Promise.all([again(), again()]);
  const upAgain = await write(recovery(down, start + 10_000));
  await upAgain();
  const incident = await read(down.incidentId);
  expect(incident.timeline.map((event) => [event.kind, Date.parse(event.at) - start, event.author])).toEqual([
    ['failed', 0, null],
    ['evidence', 0, null],
    ['evidence', 1_000, null],
    ['confirmed', 3_000, null],
    ['recovered', 13_000, null],
  ]);
  expect(incident.timeline[1]).toMatchObject({
    evidence: {
      region: 'weur',
      status: 503,
      dataCentre: 'AMS',
      answer: { headers: [{ name: 'server', value: 'x' }], body: 'gone', cut: false },
    },
  });
  expect(incident.timeline.at(-1)).toMatchObject({ passingSince: new Date(start + 10_000).toISOString() });
  expect(incident.evidence[0]).not.toHaveProperty('answer');
});

test('an incident is named after what completed the quorum, not after what failed in one region before', async () => {
  const { write, read } = await seed();
  const before: Outcome = { ...outcome('weur', start), reason: 'unreachable', status: null };
  const down = { ...outage(start), evidence: [before, outcome('enam', start + 1_000)] };
  await write(down);
  expect(await read(down.incidentId)).toMatchObject({ reason: 'status' });
});

test('two transitions that race open one incident', async () => {
  const { seeded, decision } = await seed();
  const [one, other] = [decision(outage(start)), decision(outage(start + 5_000))];
  await Promise.all([writeDecision(env.DB, one, Date.now()), writeDecision(env.DB, other, Date.now())]);
  expect(await incidentsOf(seeded)).toHaveLength(1);
});

test('an incident resolved manually is neither closed again nor reopened, and the next outage is one of its own', async () => {
  const { seeded, write, read, act } = await seed();
  const down = outage(start);
  const again = await write(down);
  const resolved = (await recordResolution(services, act(down.incidentId))).incident;
  await again();
  const upAgain = await write(recovery(down, start + 10_000));
  await upAgain();
  const after = await read(down.incidentId);
  expect(after.resolvedAt).toBe(new Date(resolved.resolvedAt ?? 0).toISOString());
  expect(after.endedAt).toBe(after.resolvedAt);
  expect(after.timeline.map((event) => event.kind).sort()).toEqual(
    ['confirmed', 'evidence', 'evidence', 'failed', 'recovered', 'resolved'].sort(),
  );
  const next = outage(start + 20_000);
  await write(next);
  expect((await incidentsOf(seeded)).map((i) => [i.id, i.resolved_at === null])).toEqual([
    [down.incidentId, false],
    [next.incidentId, true],
  ]);
});

test('resolving while the monitor recovers closes once', async () => {
  const { write, read, act } = await seed();
  const down = outage(start);
  await write(down);
  await Promise.all([recordResolution(services, act(down.incidentId)), write(recovery(down, start + 10_000))]);
  const { timeline, state } = await read(down.incidentId);
  expect(state).toBe('resolved');
  const kinds = timeline.map((event) => event.kind);
  expect(kinds.filter((kind) => kind === 'recovered')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'resolved').length).toBeLessThanOrEqual(1);
});

test('a recovery that is written again does not close what was reopened in between', async () => {
  const { write, read, act } = await seed();
  const down = outage(start);
  await write(down);
  const again = await write(recovery(down, start + 10_000));
  await recordReopening(services, act(down.incidentId));
  await again();
  expect((await read(down.incidentId)).state).toBe('open');
});

test('an outage that begins while an incident is reopened belongs to it, and ends it', async () => {
  const { seeded, write, read, act } = await seed();
  const down = outage(start);
  await write(down);
  await write(recovery(down, start + 10_000));
  await recordReopening(services, act(down.incidentId));
  const next = outage(start + 20_000);
  await write(next);
  await write(recovery(next, start + 30_000));
  expect(await incidentsOf(seeded)).toMatchObject([{ id: down.incidentId, resolved_at: start + 33_000 }]);
  const timelineEvents = (await shown(read(down.incidentId))).filter(([kind]) => kind !== 'reopened');
  expect(timelineEvents.slice(-5)).toEqual([
    ['failed', 20_000],
    ['evidence', 20_000],
    ['evidence', 21_000],
    ['confirmed', 23_000],
    ['recovered', 33_000],
  ]);
});

test('a further failing region is added once while the outage lasts, and not after its end', async () => {
  const { write, read } = await seed();
  const down = outage(start);
  const joined = (region: Region, at: number): Joined => {
    const { incidentId } = down;
    return { type: 'joined', at: start + at, evidence: outcome(region, start + at), incidentId };
  };
  await write(down);
  const again = await write(joined('apac', 5_000));
  await again();
  await write(recovery(down, start + 10_000));
  await write(joined('oc', 15_000));
  const evidence = (await shown(read(down.incidentId))).filter(([kind]) => kind === 'evidence');
  expect(evidence.map(([, at]) => at)).toEqual([0, 1_000, 5_000]);
});

test('the answer of a broken target reaches the timeline', async () => {
  const url = `${target}/answer?status=503&body=${encodeURIComponent('<h1>Out of order</h1>')}`;
  const seeded = await seedCohort({ urls: [url], regions: ['weur'] });
  await services.queue('weur').send(messageFor(seeded));
  const [open] = await eventually(
    () => incidentsOf(seeded),
    (found) => found.length > 0,
  );
  const { timeline } = await readIncidentDetail(services, { teamId: seeded.teamId, id: open?.id ?? '' });
  expect(timeline.map((event) => event.kind)).toEqual(['failed', 'evidence', 'confirmed', 'alert']);
  expect(timeline[3]).toMatchObject({ alert: 'down', channels: 0 });
  const answer = timeline[1]?.kind === 'evidence' ? timeline[1].evidence.answer : null;
  expect(answer).toMatchObject({ body: '<h1>Out of order</h1>', cut: false });
});

test('of two simultaneous decisions that would both open an incident, one does', async () => {
  const { seeded, decision } = await seed();
  const decisions = Array.from({ length: 4 }, (_, i) => decision(outage(start + i)));
  await Promise.all(decisions.map((decided) => writeDecision(env.DB, decided, Date.now())));
  const open = (await incidentsOf(seeded)).filter((incident) => incident.resolved_at === null);
  expect(open).toHaveLength(1);
  const second = env.DB.prepare(
    `INSERT INTO incidents (id, team_id, monitor, started_at, detected_at, reason, evidence)
     SELECT 'inc_second', team_id, monitor, started_at, detected_at, reason, evidence FROM incidents WHERE id = ?`,
  ).bind(open[0]?.id);
  await expect(second.run()).rejects.toThrow('UNIQUE constraint failed: incidents.monitor');
});
