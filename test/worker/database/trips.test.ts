import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { type Decision, readStanding, writeDecision } from '../../../worker/db/decisions/decisions.ts';
import type { PendingDelivery } from '../../../worker/db/deliveries/deliveryPlan.ts';
import { seedCohort, services } from '../support/seed.ts';

/** A database that counts the calls that wait for it, of which each is a trip to where it lies. */
const counting = () => {
  let trips = 0;
  const unwrap = new WeakMap<object, D1PreparedStatement>();
  const statement = (real: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = new Proxy(real, {
      get: (_, name) => {
        if (name === 'bind') return (...values: unknown[]) => statement(real.bind(...values));
        if (['all', 'first', 'raw', 'run'].includes(String(name))) trips++;
        const member = Reflect.get(real, name) as unknown;
        return typeof member === 'function' ? member.bind(real) : member;
      },
    });
    unwrap.set(wrapped, real);
    return wrapped;
  };
  const d1 = {
    prepare: (query: string) => statement(env.DB.prepare(query)),
    batch: (list: D1PreparedStatement[]) => {
      trips++;
      return env.DB.batch(list.map((one) => unwrap.get(one) ?? one));
    },
  } as unknown as D1Database;
  const tripsOf = async <T>(act: () => Promise<T>): Promise<[trips: number, result: T]> => {
    const before = trips;
    const result = await act();
    return [trips - before, result];
  };
  return { d1, tripsOf };
};

const seed = async () => {
  const { teamId, monitors } = await seedCohort({ urls: ['http://127.0.0.1:9/'] });
  const now = services.now();
  const channel = `chn_${crypto.randomUUID()}`;
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO channels (id, team_id, kind, name, settings, created_at, updated_at) VALUES (?1, ?2, 'webhook', 'Ops', '{}', ?3, ?3)`,
    ).bind(channel, teamId, now),
    env.DB.prepare(
      'INSERT INTO people (id, team_id, name, channels, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)',
    ).bind(`per_${channel}`, teamId, 'Ada', JSON.stringify([channel]), now),
  ]);
  return { teamId, monitor: monitors[0]?.number ?? 0, channel, person: `per_${channel}`, now };
};

/** Somebody is notified of one outage, and the recipients of others are notified of their ends. */
const decisionOf = ({ teamId, monitor, person, now }: Awaited<ReturnType<typeof seed>>, others: number): Decision => {
  const shared = { type: 'deliver', round: 0, step: 0, at: now } as const;
  const first: PendingDelivery = {
    effect: { ...shared, event: 'down', about: 'down', targets: [{ type: 'person', id: person }] },
    ...{ dedupKey: `inc_${crypto.randomUUID()}`, message: { monitor: { name: 'Shop' } } },
  };
  const ends = Array.from(
    { length: others },
    (_, i): PendingDelivery => ({
      effect: { ...shared, event: 'recovered', about: 'down', targets: 'notified' },
      ...{ dedupKey: `inc_${i}_${crypto.randomUUID()}`, message: {} },
    }),
  );
  return {
    ...{ monitor, teamId, revision: now + 1, verdict: 'down', verdictSince: now, regionHealth: {} },
    ...{ deliveries: [first, ...ends], suspect: false, flapping: false, timelineEvents: [] },
  };
};

test('the state around a monitor is read in one trip', async () => {
  const { monitor, now } = await seed();
  const { d1, tripsOf } = counting();
  const [trips, standing] = await tripsOf(() => readStanding(d1, monitor, now));
  expect(standing).toMatchObject({ isPaused: false, verdict: 'up', settings: { maintenance: [], regions: ['weur'] } });
  expect(trips).toBe(1);
  expect(await tripsOf(() => readStanding(d1, -1, now))).toEqual([1, null]);
});

test.each([0, 3])(
  'a decision is written in two trips, with %i other open incidents, and names the channels to wake',
  async (others) => {
    const seeded = await seed();
    const decision = decisionOf(seeded, others);
    const { d1, tripsOf } = counting();
    const [trips, written] = await tripsOf(() => writeDecision(d1, decision, seeded.now));
    expect(written).toEqual({ isWritten: true, isWatched: false, waiting: [seeded.channel], dependents: null });
    expect(trips).toBe(2);
    // A repeated write changes nothing, and channels not woken yet are named again.
    expect((await tripsOf(() => writeDecision(d1, decision, seeded.now)))[1].waiting).toEqual([seeded.channel]);
    const { results } = await env.DB.prepare('SELECT id FROM deliveries WHERE channel = ?').bind(seeded.channel).all();
    expect(results).toHaveLength(1);
  },
);

test('a decision of which nobody is notified takes one trip', async () => {
  const seeded = await seed();
  const { d1, tripsOf } = counting();
  const decision = { ...decisionOf(seeded, 0), deliveries: [] };
  expect(await tripsOf(() => writeDecision(d1, decision, seeded.now))).toEqual([
    1,
    { isWritten: true, isWatched: false, waiting: [], dependents: null },
  ]);
});
