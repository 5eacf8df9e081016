import { beforeAll, expect, inject, test } from 'vitest';
import { updateEscalationPolicy } from '../../../worker/db/escalation/escalationPolicies.ts';
import { insertSchedule } from '../../../worker/db/onCall/onCall.ts';
import { insertPerson } from '../../../worker/db/onCall/people.ts';
import { outcomeOf } from '../../outcome.ts';
import { receiverFor, seedMonitor, seedWebhook } from '../channels/alerting.ts';
import { services } from '../support/seed.ts';
import { refOf, timelineOf } from './judged.ts';
import { alive, begin, drain, restart, watchWorker, worker } from './killing.ts';

let database: Awaited<ReturnType<typeof watchWorker>>;

beforeAll(async () => {
  database = await watchWorker();
});

/** The default policy notifies the person on call, and that is one person whom the channel reaches. */
const putOnCall = async (teamId: string, channelId: string) => {
  const userId = 'usr_seed';
  const person = await insertPerson(services, { teamId, userId, input: { name: 'Ada', channelIds: [channelId] } });
  const layer = { name: 'First', participants: [person.id], startsAt: '2026-01-05T09:00', hours: [] };
  const rotation = { count: 1, unit: 'weeks' as const };
  const input = { name: 'Ops', timeZone: 'UTC', layers: [{ ...layer, rotation }] };
  const { id } = await insertSchedule(services, { teamId, userId, input });
  const steps = [{ afterSeconds: 0, targets: [{ type: 'onCall' as const, id }] }];
  await updateEscalationPolicy(services, { teamId, userId, id: 'default', change: { steps } });
};

const seed = async (isOnCall: boolean) => {
  worker.isWatched = false;
  const seeded = await seedMonitor();
  const { teamId } = seeded;
  const { url, received } = receiverFor();
  const channel = await seedWebhook(teamId, url);
  if (isOnCall) await putOnCall(teamId, channel.id);
  begin();
  const ref = refOf(seeded);
  return { seeded, ref, monitorIds: [ref.id], teamId, channelId: channel.id, received };
};

type Play = Awaited<ReturnType<typeof seed>>;

/** The pipeline brings an outcome again until it is taken. */
const bring = async (play: Play, health: 'up' | 'down', startedAt: number) => {
  const outcome = outcomeOf('weur', startedAt, health);
  while (!(await alive(services.monitor(play.ref.id).observe(play.ref, outcome, 0, 'run_test')))) await restart(play);
};

/**
 * A monitor goes down and comes up. The end is notified while the outage is still on its way, or after it, and then to the
 * person on call.
 */
const play = async (isQuick: boolean, kill: Partial<Pick<typeof worker, 'killAt' | 'killOn' | 'failOn'>> = {}) => {
  const now = Date.now();
  const own = await seed(!isQuick);
  Object.assign(worker, kill);
  await bring(own, 'down', now - 2_000);
  if (!isQuick) await drain(database, own);
  await bring(own, 'up', now - 1_000);
  await drain(database, own);
  const { kills, steps } = worker;
  worker.isWatched = false;
  return { ...own, kills, steps };
};

/** The requests that a receiver keeps that deduplicates by id. */
const judge = async ({ received, teamId, seeded }: Play, name: string) => {
  const requests = (await received()).map(({ headers, body }) => ({ id: headers['webhook-id'], type: body.type }));
  const kept = [...new Map(requests.map((request) => [request.id, request.type])).values()];
  expect(kept, name).toEqual(['alert.down', 'alert.up']);
  const types = requests.map(({ type }) => type);
  expect(types.lastIndexOf('alert.down'), name).toBeLessThan(types.indexOf('alert.up'));
  const rows = database.prepare('SELECT event, state FROM deliveries WHERE team_id = ?1 ORDER BY number').bind(teamId);
  expect((await rows.all()).results, name).toEqual([
    { event: 'down', state: 'delivered' },
    { event: 'recovered', state: 'delivered' },
  ]);
  const notified = (await timelineOf(seeded))
    .filter(({ kind }) => kind === 'notified')
    .map(({ detail }) => detail.event);
  expect(notified.toSorted(), name).toEqual(['down', 'recovered']);
  return requests.length - kept.length;
};

test.for([true, false])(
  'a decision that cannot be written is written when its pause is over (quick: %s)',
  async (isQuick) => {
    await judge(await play(isQuick, { failOn: 'UPDATE monitors' }), 'failed');
  },
);

test('a Worker that is killed between any two steps notifies of an outage and its end, in this order', {
  timeout: inject('soak') ? 3_600_000 : 900_000,
}, async () => {
  let kills = 0;
  // An odd number of steps, so that it is killed before some and after others.
  for (const isQuick of [true, false]) {
    const whole = await play(isQuick);
    await judge(whole, 'not killed');
    for (const step of [
      ...['UPDATE monitors', 'queue', 'wake', 'UPDATE deliveries', 'send'],
      ...['storage put', 'storage setAlarm'],
    ])
      expect(whole.steps.some((name) => name.startsWith(`after ${step}`))).toBe(true);
    expect(whole.steps.some((name) => name.startsWith("after SELECT 'channel' AS type"))).toBe(!isQuick);
    // A Worker that dies between sending and recording has to send again.
    expect(await judge(await play(isQuick, { killOn: 'after send' }), 'killed after sending')).toBeGreaterThan(0);
    // The other steps come later in a list.
    for (let at = 0; at < whole.steps.length; at += inject('soak') ? 1 : 5) {
      const killAt = [at, at + 3, at + 8, at + 17, at + 26, at + 41];
      const one = await play(isQuick, { killAt });
      await judge(one, `killed at ${killAt}, first ${whole.steps[at]}`);
      kills += one.kills;
    }
  }
  expect(kills).toBeGreaterThanOrEqual(200);
});
