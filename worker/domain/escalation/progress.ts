import { whoIsOnCall } from '../onCall/onCall.ts';
import type { OnCallSchedule } from '../onCall/onCallSchedule.ts';
import type { DeliveryState } from './delivery.ts';
import type { EscalationPolicy, Target } from './escalationPolicy.ts';
import { isClosing, isProblem, type NotificationEvent } from './events.ts';
import type { Effect, EscalationState } from './state.ts';

/** How far an escalation has come, as a message says it. Times are ms since the epoch. */

/** Which step of its policy a message belongs to. All count from 1. */
export interface Step {
  number: number;
  of: number;
  round: number;
  rounds: number;
}

/** A channel that an earlier message of the incident went to. */
export interface Notified {
  /** As the channel is called. */
  channel: string;
  kind: string;
  /** The recipient: `Ada, on call in Ops`. Null where the policy names the channel itself. */
  person: string | null;
  /** When the message was due. */
  at: number;
  /** Whether it had arrived when the later message was decided. */
  state: 'delivered' | 'failed' | 'trying';
}

/** The next recipients unless somebody acknowledges. */
export interface NextStep {
  at: number;
  /** Names of people and channels; empty where none of them is left. */
  recipients: string[];
}

/** The same before names are looked up. */
export interface UpcomingStep {
  at: number;
  targets: Target[];
}

/** Only an outage has later steps; null for anything else. `state` is that after the effect. */
export const stepOf = (
  { event, round, step, targets }: Effect,
  { firstRound }: EscalationState,
  { steps, repeat }: EscalationPolicy,
): Step | null =>
  event === 'down' && typeof targets !== 'string'
    ? { number: step + 1, of: Math.max(steps.length, step + 1), round: round - firstRound + 1, rounds: repeat + 1 }
    : null;

/** A delivery of the incident, as it is by now. */
export interface EarlierDelivery {
  channelId: string;
  channel: string;
  kind: string;
  person: string | null;
  event: NotificationEvent;
  state: DeliveryState;
  createdAt: number;
  settledAt: number | null;
}

/**
 * The recipients of the problem before `at`, each channel once. The result does not depend on when it is read: deliveries
 * that settled later still count as being tried. `deliveries` are those of the incident in the order in which they were
 * created.
 */
export const notifiedBefore = (deliveries: readonly EarlierDelivery[], at: number): Notified[] => {
  const earlier = deliveries.filter(({ createdAt }) => createdAt < at);
  const current = earlier.slice(earlier.findLastIndex(({ event }) => isClosing(event)) + 1);
  const byChannel = Map.groupBy(
    current.filter((one) => isProblem(one.event) && stateAt(one, at) !== 'suppressed'),
    ({ channelId }) => channelId,
  );
  return [...byChannel.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const states = own.map((one) => stateAt(one, at));
    const state = states.includes('delivered') ? 'delivered' : states.includes('trying') ? 'trying' : 'failed';
    const person = own.find((one) => one.person !== null)?.person ?? null;
    return [{ channel: first.channel, kind: first.kind, person, at: first.createdAt, state }];
  });
};

const stateAt = ({ state, settledAt }: EarlierDelivery, at: number): Notified['state'] | 'suppressed' => {
  if (settledAt === null || settledAt > at) return 'trying';
  return state === 'failed' ? 'failed' : state === 'suppressed' ? 'suppressed' : 'delivered';
};

/** Names of targets, by id. */
export interface Directory {
  channels: ReadonlyMap<string, string>;
  people: ReadonlyMap<string, string>;
  schedules: ReadonlyMap<string, OnCallSchedule & { name: string }>;
}

/** Each once; deleted targets are skipped. */
export const namesOf = ({ targets, at }: UpcomingStep, { channels, people, schedules }: Directory): string[] => {
  const names = targets.flatMap(({ type, id }) => {
    if (type === 'channel') return channels.get(id) ?? [];
    if (type === 'person') return people.get(id) ?? [];
    const schedule = schedules.get(id);
    if (!schedule) return [];
    const name = people.get(whoIsOnCall(schedule, at) ?? '');
    return name === undefined ? `The person on call in ${schedule.name}` : `${name}, on call in ${schedule.name}`;
  });
  return [...new Set(names)];
};
