import { expect, test } from 'vitest';
import type { DeliveryView, Page } from '../../../worker/contract/views.ts';
import type { Plan } from '../../provided.ts';
import {
  deliveriesOf,
  eventuallyStates,
  hurry,
  receiverFor,
  seedChannel,
  seedMonitor,
  seedWebhook,
  statesOf,
} from '../channels/alerting.ts';
import { bodyOf, signUp } from '../support/client.ts';
import { eventually } from '../support/seed.ts';
import { say } from '../verdicts/judged.ts';

const signInPage: Plan = {
  does: 'answer',
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Sign in</title>',
};

/** An outage that is sent to a Gotify behind something that answers as planned. */
const seedOutage = async (plan: Plan) => {
  const owner = await signUp();
  const teamId = owner.team.id;
  const seeded = await seedMonitor(teamId);
  const { url, received } = receiverFor(plan);
  await seedChannel(teamId, 'gotify', { server: url, token: 'AS3cretOfGotify' });
  await say(seeded, 0, 'down');
  return { owner, teamId, received };
};

const tried = (teamId: string, count: number) =>
  eventually(
    () => deliveriesOf(teamId),
    ([one]) => one?.tries === count,
  );

test('a page to sign in is never an alert that was delivered, and the alert is repeated twice at most', async () => {
  const { owner, teamId, received } = await seedOutage(signInPage);
  for (const count of [1, 2]) {
    await tried(teamId, count);
    expect(await statesOf(teamId)).toEqual(['down waiting']);
    await hurry(teamId);
  }
  await eventuallyStates(teamId, ['down failed']);
  await hurry(teamId);
  expect(await received()).toHaveLength(3);
  const { data } = await bodyOf<Page<DeliveryView>>(await owner.get('/api/v1/deliveries'));
  expect(data[0]?.attempts.map(({ state, status, problem }) => ({ state, status, problem }))).toEqual(
    Array.from({ length: 3 }, () => ({
      ...{ state: 'transient', status: 200 },
      problem: expect.stringContaining('A web page answered instead of Gotify (HTTP 200)'),
    })),
  );
  expect((await owner.post(`/api/v1/deliveries/${encodeURIComponent(data[0]?.id ?? '')}/retry`)).status).toBe(200);
  await tried(teamId, 4);
  expect(await statesOf(teamId)).toEqual(['down waiting']);
});

test('attempts that failed otherwise do not count as repeats', async () => {
  const { teamId } = await seedOutage({ does: 'answer', status: 503 });
  for (const count of [1, 2, 3, 4]) {
    await tried(teamId, count);
    await hurry(teamId);
  }
  await tried(teamId, 5);
  expect(await statesOf(teamId)).toEqual(['down waiting']);
});

test('a webhook of one’s own needs no answer but its status', async () => {
  const owner = await signUp();
  const seeded = await seedMonitor(owner.team.id);
  await seedWebhook(owner.team.id, receiverFor(signInPage).url);
  await say(seeded, 0, 'down');
  await eventuallyStates(owner.team.id, ['down delivered']);
});
