import type { OpenDelivery } from '../../db/deliveries/outbox.ts';
import { planSending, type SendingPlan, type Unsettled } from '../../domain/delivery/sending.ts';
import { superseded, turnFor } from '../../domain/escalation/delivery.ts';
import { isClosing, isOfChannel, isProblem } from '../../domain/escalation/events.ts';

interface OutboxPlan extends SendingPlan {
  /** Numbers of deliveries that will never be sent. */
  suppress: number[];
}

/**
 * Plans a channel's next actions for its open deliveries. `deliveries` are all of their deduplication keys, in their order;
 * `past` is what the channel sent before. `keepsIncidents`: the receiver is stateful, and its incidents end where they began.
 * `onlyEnds`: only recoveries are sent.
 */
export const planOutbox = (
  deliveries: readonly OpenDelivery[],
  past: Parameters<typeof planSending>[1],
  now: number,
  { keepsIncidents, onlyEnds }: { keepsIncidents: boolean; onlyEnds: boolean },
): OutboxPlan => {
  const unsettled: Unsettled[] = [];
  const suppress: number[] = [];
  for (const related of Map.groupBy(deliveries, (one) => one.dedupKey).values()) {
    const suppressed = suppressedOf(related, onlyEnds);
    suppress.push(...suppressed.map(({ number }) => number));
    unsettled.push(
      ...unsettledOf(
        related.filter((one) => !suppressed.includes(one)),
        keepsIncidents,
      ),
    );
  }
  unsettled.sort((a, b) => a.number - b.number);
  return { suppress, ...planSending(unsettled, past, now) };
};

/** A single delivery in an attempt is due when the claim ends; one in a digest, when the digest is. */
const unsettledOf = (related: readonly OpenDelivery[], keepsIncidents: boolean): Unsettled[] => {
  let notifiedIn: Unsettled['belongsTo'] = null;
  const together = isSleptThrough(related.filter(isOpen));
  return related.flatMap((one) => {
    const { number, dedupKey: incidentId, nextAttemptAt: dueAt, event, digestId } = one;
    const isTried = one.triedAt !== null;
    const belongsTo = placeFor(one, keepsIncidents ? notifiedIn : null);
    if (isClosing(event)) notifiedIn = null;
    else if (isProblem(event)) notifiedIn ??= placeOf(one);
    if (!isOpen(one)) return [];
    return {
      number,
      incidentId,
      state: digestId === null ? 'waiting' : 'sending',
      dueAt,
      isTried,
      belongsTo,
      together,
    };
  });
};

export const isOpen = ({ state }: OpenDelivery) => state === 'waiting' || state === 'sending';

/** Quiet hours defer it from its beginning to its end, so that one message contains all of it. */
const isSleptThrough = (open: readonly OpenDelivery[]): boolean => {
  const [first, last] = [open[0], open.at(-1)];
  const areHeld = open.every((one) => one.heldUntil !== null && one.triedAt === null && one.digestId === null);
  return areHeld && first !== undefined && last !== undefined && isProblem(first.event) && isClosing(last.event);
};

/** Digests are about monitors: alerts about a channel are sent singly, and are few. */
const placeFor = ({ event }: OpenDelivery, notifiedIn: Unsettled['belongsTo']) =>
  isOfChannel(event) ? 'itself' : notifiedIn;

/** Where a problem was sent, or is about to be; null where it is open. */
const placeOf = ({ state, digestId, triedAt }: OpenDelivery): Unsettled['belongsTo'] => {
  if (state === 'failed' || state === 'suppressed') return null;
  if (digestId !== null) return { digestId };
  return triedAt === null ? null : 'itself';
};

const suppressedOf = (given: readonly OpenDelivery[], onlyEnds: boolean): OpenDelivery[] => {
  const pointless = new Set(superseded(given));
  const judged: OpenDelivery[] = [];
  for (const one of given) {
    const isUnwanted = pointless.has(one) || (onlyEnds && !isClosing(one.event));
    const isSuppressed = one.state === 'waiting' && (isUnwanted || turnFor(one, judged) === 'suppress');
    judged.push(isSuppressed ? { ...one, state: 'suppressed' } : one);
  }
  return given.filter((one, i) => one.state === 'waiting' && judged[i]?.state === 'suppressed');
};
