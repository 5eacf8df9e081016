import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { readIncidentDetail } from '../../../worker/commands/incidents/incidentView.ts';
import { type Decision, writeDecision } from '../../../worker/db/decisions/decisions.ts';
import type { Outage } from '../../../worker/db/decisions/timelineEvents.ts';
import type { PendingDelivery } from '../../../worker/db/deliveries/deliveryPlan.ts';
import { limitPeriod, withDefaults } from '../../../worker/domain/teams/limits.ts';
import { newId } from '../../../worker/ids.ts';
import { seedCohort, services } from '../support/seed.ts';

const day = 86_400_000;
const { to: midnight } = limitPeriod(day, Date.now());

const seed = async (channels = 3) => {
  const { teamId, monitors } = await seedCohort({ urls: ['http://127.0.0.1:9/'] });
  const ids = Array.from({ length: channels }, () => `chn_${crypto.randomUUID()}`);
  await env.DB.batch(
    ids.map((id) =>
      env.DB.prepare(
        `INSERT INTO channels (id, team_id, kind, name, settings, created_at, updated_at) VALUES (?1, ?2, 'webhook', 'Ops', '{}', 1, 1)`,
      ).bind(id, teamId),
    ),
  );
  let at = Date.now();
  const next = (timelineEvents: Outage[], deliveries: PendingDelivery[]): Decision => ({
    ...{ monitor: monitors[0]?.number ?? 0, teamId, revision: ++at, verdictSince: at, regionHealth: {} },
    ...{ verdict: timelineEvents.some(({ change }) => change === 'opened') ? 'down' : 'up' },
    ...{ suspect: false, flapping: false, timelineEvents, deliveries },
  });
  const targets = ids.map((id) => ({ type: 'channel' as const, id }));
  const message = { monitor: { name: 'Shop' } };
  const deliver = { type: 'deliver', round: 0, step: 0, about: 'down' } as const;
  const fact = (incidentId: string, change: Outage['change']): Outage => ({
    ...{ type: 'outage', change, since: at, at, evidence: [], incidentId },
  });
  return {
    teamId,
    targets,
    /** An outage of which every channel is notified. */
    begins: () => {
      const dedupKey = newId('inc');
      const effect = { ...deliver, event: 'down' as const, targets, at };
      return { dedupKey, decision: next([fact(dedupKey, 'opened')], [{ effect, dedupKey, message }]) };
    },
    goesOn: (dedupKey: string, step: number) =>
      next([], [{ effect: { ...deliver, event: 'down', targets, at: at + 1, step }, dedupKey, message }]),
    ends: (dedupKey: string) =>
      next(
        [fact(dedupKey, 'closed')],
        [{ effect: { ...deliver, event: 'recovered', targets: 'notified', step: 1, at }, dedupKey, message }],
      ),
  };
};

const write = (decision: Decision, alertsPerDay: number, now = Date.now()) =>
  writeDecision(env.DB, decision, now, { limits: withDefaults({ alertsPerDay }) });

const sentOf = async (dedupKey: string) =>
  (
    await env.DB.prepare(
      'SELECT event, count(*) AS count FROM deliveries WHERE dedup_key = ? GROUP BY event ORDER BY event',
    )
      .bind(dedupKey)
      .all<{ event: string; count: number }>()
  ).results.map(({ event, count }) => `${event} ${count}`);

const usedBy = (teamId: string) =>
  env.DB.prepare("SELECT used FROM team_allowances WHERE team_id = ? AND name = 'alertsPerDay'")
    .bind(teamId)
    .first('used');

const notesOf = async (teamId: string, id: string) =>
  (await readIncidentDetail(services, { teamId, id })).timeline.flatMap((event) =>
    event.kind === 'over-limit' ? [{ limit: event.limit, until: event.until }] : [],
  );

const noteOf = (limit: number) => ({ limit, until: new Date(midnight).toISOString() });

test('beyond the alerts of a day none is written, and the timeline of the incident says so once', async () => {
  const { teamId, begins, goesOn } = await seed();
  const { dedupKey, decision } = begins();
  await write(decision, 5);
  expect([await sentOf(dedupKey), await usedBy(teamId), await notesOf(teamId, dedupKey)]).toEqual([['down 3'], 3, []]);
  await write(goesOn(dedupKey, 1), 5);
  expect([await sentOf(dedupKey), await usedBy(teamId)]).toEqual([['down 5'], 5]);
  expect(await notesOf(teamId, dedupKey)).toEqual([noteOf(5)]);
  await write(goesOn(dedupKey, 2), 5);
  expect([await sentOf(dedupKey), await usedBy(teamId)]).toEqual([['down 5'], 5]);
  expect(await notesOf(teamId, dedupKey)).toEqual([noteOf(5)]);
  // The next day restarts, and no other team has used anything.
  await write(goesOn(dedupKey, 3), 5, midnight + 1);
  expect([await sentOf(dedupKey), await usedBy(teamId)]).toEqual([['down 8'], 3]);
  const other = await seed();
  const theirs = other.begins();
  await write(theirs.decision, 5);
  expect(await sentOf(theirs.dedupKey)).toEqual(['down 3']);
});

test('a decision that is carried out twice counts once, below the limit and at it', async () => {
  const { teamId, begins, goesOn } = await seed();
  const { dedupKey, decision } = begins();
  for (let times = 0; times < 3; times++) await write(decision, 4);
  expect([await sentOf(dedupKey), await usedBy(teamId), await notesOf(teamId, dedupKey)]).toEqual([['down 3'], 3, []]);
  const further = goesOn(dedupKey, 1);
  for (let times = 0; times < 3; times++) await write(further, 4);
  expect([await sentOf(dedupKey), await usedBy(teamId)]).toEqual([['down 4'], 4]);
  expect(await notesOf(teamId, dedupKey)).toEqual([noteOf(4)]);
});

test('recipients of a problem are notified of its end beyond the limit, and that counts', async () => {
  const { teamId, begins, ends } = await seed();
  const { dedupKey, decision } = begins();
  await write(decision, 2);
  await write(ends(dedupKey), 2);
  expect([await sentOf(dedupKey), await usedBy(teamId)]).toEqual([['down 2', 'recovered 2'], 4]);
});

test('a team has a number of its own in place of the installation’s', async () => {
  const { teamId, begins } = await seed();
  await env.DB.prepare("INSERT INTO team_limits (team_id, name, value) VALUES (?, 'alertsPerDay', 1)")
    .bind(teamId)
    .run();
  const { dedupKey, decision } = begins();
  await write(decision, 20_000);
  expect([await sentOf(dedupKey), await notesOf(teamId, dedupKey)]).toEqual([['down 1'], [noteOf(1)]]);
});
