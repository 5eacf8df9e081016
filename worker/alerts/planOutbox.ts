import type { OpenDelivery } from '../db/outbox.ts';
import { planSending, planSingly, type Sent, type Unsettled } from '../domain/digest.ts';
import { superseded, turnFor } from '../domain/escalation/delivery.ts';
import { isOfChannel } from '../domain/escalation/events.ts';

interface OutboxPlan {
  /** Numbers of deliveries. */
  skip: number[];
  send: number[];
  /** To be sent as one message. */
  digest: number[];
  /** When the next one is due that is not now, ms since the epoch. */
  againAt: number | null;
}

/**
 * What a channel does now with its open deliveries. `deliveries` are all of their stories, in their order; `sent` is what
 * it tried in the last two minutes.
 */
export const planOutbox = (deliveries: readonly OpenDelivery[], sent: readonly Sent[], now: number): OutboxPlan => {
  const stories = [...Map.groupBy(deliveries, ({ story }) => story).values()];
  const skipped = new Set(stories.flatMap(skippedOf));
  const numbers = new Map(deliveries.map(({ id, number }) => [id, number]));
  const unsettled = deliveries.filter((one) => isOpen(one) && !skipped.has(one.number));
  // Digests tell of monitors: what is about a channel goes by itself, and there are few of these.
  const ofChannels = planSingly(unsettled.filter(({ event }) => isOfChannel(event)).map(unsettledOf), now);
  const alerts = planSending(unsettled.filter(({ event }) => !isOfChannel(event)).map(unsettledOf), sent, now);
  const numbered = (ids: readonly string[]) => ids.flatMap((id) => numbers.get(id) ?? []);
  const times = [ofChannels.againAt, alerts.againAt].filter((at) => at !== null);
  return {
    skip: [...skipped],
    send: numbered([...ofChannels.send, ...alerts.send]),
    digest: numbered(alerts.digest),
    againAt: times.length > 0 ? Math.min(...times) : null,
  };
};

const isOpen = ({ fate }: OpenDelivery) => fate === 'waiting' || fate === 'sending';

/** One that somebody tries by itself is due when the claim ends; one that is in a digest, when that says so. */
const unsettledOf = ({ id, story, digest, nextAttemptAt }: OpenDelivery): Unsettled => ({
  id,
  incidentId: story,
  fate: digest === null ? 'waiting' : 'sending',
  dueAt: nextAttemptAt,
});

const skippedOf = (given: readonly OpenDelivery[]): number[] => {
  const pointless = new Set(superseded(given));
  const story: OpenDelivery[] = [];
  for (const one of given) {
    const isSkipped = one.fate === 'waiting' && (pointless.has(one) || turnFor(one.event, story) === 'skip');
    story.push(isSkipped ? { ...one, fate: 'skipped' } : one);
  }
  return story.filter(({ fate }, i) => fate === 'skipped' && given[i]?.fate !== 'skipped').map(({ number }) => number);
};
