import { type DeliveryEvent, isClosing, isOpening, isOutage, isProblem, type NotificationEvent } from './events.ts';

/** `waiting`: for its first or next attempt, for quiet hours to end, or for its turn. */
export const deliveryStates = ['waiting', 'sending', 'delivered', 'failed', 'suppressed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One alert of an incident on its way through one channel. */
export interface DeliveryRecord {
  id: string;
  channelId: string;
  event: NotificationEvent;
  state: DeliveryState;
  /** ms since the epoch. */
  createdAt: number;
  /** Null while it may still go. */
  settledAt: number | null;
  /** Until when quiet hours hold it, or did last. */
  heldUntil?: number | null;
}

export interface DeliveryName {
  incidentId: string;
  event: NotificationEvent;
  round: number;
  step: number;
  channelId: string;
}

/**
 * Names a delivery: the same for the same delivery, and no two share it. Of letters, digits, `_`, `-`, `%` and `:`, so
 * that it can be sent as `webhook-id`, in which a full stop is not allowed.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export const deliveryKey = ({ incidentId, event, round, step, channelId }: DeliveryName): string =>
  [incidentId, event, round, step, channelId].map(escaped).join(':');

const escaped = (part: string | number) => encodeURIComponent(part).replaceAll(/[.!~*'()]/g, hex);
const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

type Said = Pick<DeliveryRecord, 'event' | 'state' | 'heldUntil'>;

const isUnsettled = ({ state }: Said) => state === 'waiting' || state === 'sending';

const isHeld = ({ heldUntil }: Said) => heldUntil !== null && heldUntil !== undefined;

/** The deliveries with the open dedup key: all after the last message that closed one. */
const sinceClosing = <One extends Said>(deliveries: readonly One[]) =>
  deliveries.slice(deliveries.findLastIndex(({ event }) => isClosing(event)) + 1);

/** The problem was delivered, and not yet that it is over. */
const wasNotified = (earlier: readonly Said[]) =>
  sinceClosing(earlier).some(({ event, state }) => isOpening(event) && state === 'delivered');

/**
 * Whether a delivery may be sent now, or ever. `earlier` are those of the same incident and channel that were created before
 * it, in that order. They are sent one after the other; a follow-up goes only to channels where the problem was delivered. A
 * delivery that would only repeat a message still being tried is suppressed: a follow-up at once, a problem once that message
 * is delivered, so that it is sent after all where the message failed.
 */
export const turnFor = (
  { event, createdAt }: Pick<DeliveryRecord, 'event' | 'createdAt'>,
  earlier: readonly (Said & Pick<DeliveryRecord, 'settledAt'>)[],
): 'send' | 'wait' | 'suppress' => {
  const current = sinceClosing(earlier);
  const trying = current.filter(isUnsettled);
  if (!isProblem(event) && trying.some((one) => one.event === event)) return 'suppress';
  if (event === 'reminder' && trying.some((one) => isProblem(one.event))) return 'suppress';
  if (current.some((one) => one.event === event && one.state === 'delivered' && (one.settledAt ?? 0) > createdAt))
    return 'suppress';
  if (earlier.some(isUnsettled)) return 'wait';
  return isOpening(event) || wasNotified(earlier) ? 'send' : 'suppress';
};

/**
 * Waiting deliveries that a later one has made pointless: repetitions, reminders and the like for recipients who know or will
 * know, once the problem is over; reminders once somebody acknowledges, or once quiet hours defer a newer one; and advisories
 * once it is an outage. They would only delay the next ones. `deliveries` are all of one incident and channel, in the order
 * in which they were created.
 */
export const superseded = <One extends Said>(deliveries: readonly One[]): One[] =>
  deliveries.filter((one, i) => {
    if (one.state !== 'waiting' || isClosing(one.event)) return false;
    const [earlier, later] = [deliveries.slice(0, i), deliveries.slice(i + 1)];
    if (isAdvisory(one.event) && later.some(({ event }) => isProblem(event) && isOutage(event))) return true;
    const isTried = sinceClosing(earlier).some((other) => isUnsettled(other) && other.event === one.event);
    const ends = (ending: Said) =>
      isClosing(ending.event) ||
      (one.event === 'reminder' &&
        (ending.event === 'acknowledged' || (ending.event === 'reminder' && isHeld(one) && isUnsettled(ending))));
    return (isTried || wasNotified(earlier)) && later.some(ends);
  });

const isAdvisory = (event: NotificationEvent) => isProblem(event) && !isOutage(event);

const wasNotifiedBy = ({ event, state }: Said) => isProblem(event) && state !== 'failed' && state !== 'suppressed';

const hasFailed = ({ event, state }: Said) => isProblem(event) && state === 'failed';

/** The channels whose deliveries meet this condition, in the order of their notifications. */
const channelsWhere = (deliveries: readonly DeliveryRecord[], holds: (own: readonly DeliveryRecord[]) => boolean) =>
  [...Map.groupBy(deliveries, ({ channelId }) => channelId)].flatMap(([channelId, own]) =>
    holds(own) ? [channelId] : [],
  );

/**
 * The channels that an effect for `notified` goes to: those where the problem was delivered or is still being tried. A
 * recovery also goes to channels where the problem failed, and is suppressed there (`turnFor`) unless a person sends the
 * problem again. A reminder skips recipients who are notified of the incident at the same time anyway. `deliveries` are all
 * of the incident, in the order in which they were created.
 */
export const audienceOf = (event: DeliveryEvent, deliveries: readonly DeliveryRecord[], at: number): string[] =>
  channelsWhere(deliveries, (own) => {
    if (event === 'reminder' && own.some(({ createdAt }) => createdAt >= at)) return false;
    const current = sinceClosing(own);
    return current.some(wasNotifiedBy) || (isClosing(event) && current.some(hasFailed));
  });

/** The channels where the problem failed, and that were not notified of it otherwise. `deliveries` are as above. */
export const missedBy = (deliveries: readonly DeliveryRecord[]): string[] =>
  channelsWhere(deliveries, (own) => sinceClosing(own).some(hasFailed) && !sinceClosing(own).some(wasNotifiedBy));
