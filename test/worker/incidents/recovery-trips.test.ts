import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { deliveriesOf, receiverFor, seedMonitor, seedWebhook } from '../channels/alerting.ts';
import { eventually, seedCohort } from '../support/seed.ts';
import { refOf, say } from '../verdicts/judged.ts';
import { nameOf, watchDatabase } from '../verdicts/steps.ts';

/** A trip to D1: one statement, or a batch. */
interface Trip {
  name: string;
  from: number;
  to: number;
}

let trips: Trip[] | null = null;
let step = 0;

beforeAll(() => {
  watchDatabase(
    async (statement, run) => {
      const trip = { name: nameOf(statement), from: step++, to: Number.POSITIVE_INFINITY };
      trips?.push(trip);
      try {
        return await run();
      } finally {
        trip.to = step++;
      }
    },
    { drizzleReads: true },
  );
});

/** The most of them that came one after the other. */
const inRow = (list: readonly Trip[]) => {
  let count = 0;
  let last = -1;
  for (const { from, to } of list.toSorted((a, b) => a.to - b.to)) {
    if (from < last) continue;
    count++;
    last = to;
  }
  return count;
};

const tripsOf = async (act: () => Promise<unknown>) => {
  trips = [];
  await act();
  // Channels send after the decision, and their own trips delay no message of it.
  const own = trips.filter(
    ({ name }) => !/channels|deliveries SET|GROUP BY dedup_key|FROM deliveries AS d$/.test(name),
  );
  trips = null;
  return own;
};

test('an outage takes two trips one after the other, and its end, with people to notify and dependents, three', async () => {
  const seeded = await seedMonitor();
  await seedWebhook(seeded.teamId, receiverFor().url);
  const other = await seedCohort({ urls: ['http://127.0.0.1:9/'], teamId: seeded.teamId });
  await env.DB.prepare('INSERT INTO monitor_dependencies (monitor, depends_on) VALUES (?, ?)')
    .bind(refOf(other).number, refOf(seeded).number)
    .run();
  await say(seeded, 0, 'up');
  const outage = await tripsOf(() => say(seeded, 0, 'down'));
  expect(inRow(outage), JSON.stringify(outage)).toBe(2);
  const recovery = await tripsOf(() => say(seeded, 0, 'up'));
  expect(inRow(recovery), JSON.stringify(recovery)).toBe(3);
  await eventually(
    () => deliveriesOf(seeded.teamId),
    (all) => all.map(({ event }) => event).join() === 'down,recovered',
  );
});
