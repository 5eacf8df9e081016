import { type DeliveryEvent, isClosing, isOpening, isProblem, type ToldEvent } from './events.ts';

/** `waiting`: for its first or next attempt, for quiet hours to end, or for its turn. */
export const fates = ['waiting', 'sending', 'delivered', 'dead', 'skipped'] as const;
export type Fate = (typeof fates)[number];

/** One alert of an incident on its way through one channel. */
export interface DeliveryRecord {
  id: string;
  channelId: string;
  event: ToldEvent;
  fate: Fate;
  /** ms since the epoch. */
  createdAt: number;
}

export interface DeliveryName {
  incidentId: string;
  event: ToldEvent;
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

type Said = Pick<DeliveryRecord, 'event' | 'fate'>;

const isUnsettled = ({ fate }: Said) => fate === 'waiting' || fate === 'sending';

/** What belongs to the story that is still open: all after the last message that closed one. */
const sinceClosing = <One extends Said>(deliveries: readonly One[]) =>
  deliveries.slice(deliveries.findLastIndex(({ event }) => isClosing(event)) + 1);

/** The problem was delivered, and not yet that it is over. */
const wasTold = (earlier: readonly Said[]) =>
  sinceClosing(earlier).some(({ event, fate }) => isOpening(event) && fate === 'delivered');

/**
 * Whether a delivery may go now, or ever. `earlier` are those of the same incident and channel that were created before
 * it, in that order. They go one after the other; a follow-up goes only to where the problem was delivered. What would
 * only repeat a message that is still being tried is left out.
 */
export const turnFor = (event: ToldEvent, earlier: readonly Said[]): 'send' | 'wait' | 'skip' => {
  const trying = sinceClosing(earlier).filter(isUnsettled);
  if (trying.some((one) => one.event === event || (event === 'reminder' && isProblem(one.event)))) return 'skip';
  if (earlier.some(isUnsettled)) return 'wait';
  return isOpening(event) || wasTold(earlier) ? 'send' : 'skip';
};

/**
 * Deliveries that wait although a later one has made them pointless: repetitions, reminders and the like for somebody who
 * knows, once it is over, and reminders once somebody takes care. They would only keep the recovery waiting. `deliveries`
 * are all of one incident and channel, in the order in which they were created.
 */
export const superseded = <One extends Said>(deliveries: readonly One[]): One[] =>
  deliveries.filter((one, i) => {
    if (one.fate !== 'waiting' || isClosing(one.event) || !wasTold(deliveries.slice(0, i))) return false;
    const ends = (later: Said) =>
      isClosing(later.event) || (one.event === 'reminder' && later.event === 'acknowledged');
    return deliveries.slice(i + 1).some(ends);
  });

/**
 * The channels that an effect for `told` goes to: those with the problem delivered or still being tried, in the order in
 * which they were told. A reminder leaves out whoever hears of the incident at the same time anyway. `deliveries` are all
 * of the incident, in the order in which they were created.
 */
export const audienceOf = (event: DeliveryEvent, deliveries: readonly DeliveryRecord[], at: number): string[] => {
  const channels = [...new Set(deliveries.map(({ channelId }) => channelId))];
  return channels.filter((channelId) => {
    const own = deliveries.filter((one) => one.channelId === channelId);
    if (event === 'reminder' && own.some(({ createdAt }) => createdAt >= at)) return false;
    return sinceClosing(own).some((one) => isProblem(one.event) && one.fate !== 'dead' && one.fate !== 'skipped');
  });
};
