import type { OpenDelivery } from '../db/outbox.ts';
import { superseded, turnFor } from '../domain/escalation/delivery.ts';

interface OutboxPlan {
  /** Numbers of deliveries. */
  skip: number[];
  send: number[];
  /** When the next one is due that is not now, ms since the epoch. */
  againAt: number | null;
}

/** What a channel does now with its open deliveries. `deliveries` are all of their stories, in their order. */
export const planOutbox = (deliveries: readonly OpenDelivery[], now: number): OutboxPlan => {
  const plans = [...Map.groupBy(deliveries, ({ story }) => story).values()].map((story) => planStory(story, now));
  const times = plans.flatMap(({ againAt }) => (againAt === null ? [] : [againAt]));
  return {
    skip: plans.flatMap(({ skip }) => skip),
    send: plans.flatMap(({ send }) => send),
    againAt: times.length > 0 ? Math.min(...times) : null,
  };
};

const planStory = (given: readonly OpenDelivery[], now: number): OutboxPlan => {
  const pointless = new Set(superseded(given));
  let story = given.map((one): OpenDelivery => (pointless.has(one) ? { ...one, fate: 'skipped' } : one));
  for (const [i, { event, fate, nextAttemptAt, number }] of story.entries()) {
    if (fate !== 'waiting' && fate !== 'sending') continue;
    const turn = turnFor(event, story.slice(0, i));
    if (turn === 'skip' && fate === 'waiting')
      story = story.with(i, { ...(story[i] as OpenDelivery), fate: 'skipped' });
    else {
      const isDue = nextAttemptAt <= now;
      return { skip: skippedIn(given, story), send: isDue ? [number] : [], againAt: isDue ? null : nextAttemptAt };
    }
  }
  return { skip: skippedIn(given, story), send: [], againAt: null };
};

const skippedIn = (before: readonly OpenDelivery[], after: readonly OpenDelivery[]) =>
  after.filter(({ fate }, i) => fate === 'skipped' && before[i]?.fate !== 'skipped').map(({ number }) => number);
