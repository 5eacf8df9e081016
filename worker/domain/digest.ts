import { type DeliveryEvent, isClosing, isProblem } from './escalation/events.ts';

/**
 * How a channel is kept from being flooded: few messages go one by one, many at once are folded into a digest. Each
 * delivery remains by itself in the record; one that is folded shares the fate of its digest.
 */

/** In any minute so many messages go to a channel by themselves, and one digest. */
export const maxPerMinute = 10;
const minuteMs = 60_000;
/** Time in which more is gathered for the next one. */
const betweenDigestsMs = 60_000;

/** A delivery of the channel that was neither delivered nor given up. In a digest that is to be tried again: `sending`. */
export interface Unsettled {
  id: string;
  incidentId: string;
  fate: 'waiting' | 'sending';
  /** When it is to be tried, ms since the epoch. */
  dueAt: number;
}

/** A message that was tried, whatever became of it. */
export interface Sent {
  at: number;
  isDigest: boolean;
}

export interface SendingPlan {
  /** Ids of deliveries to be sent by themselves now, in this order. */
  send: string[];
  /** Ids of deliveries to be sent as one digest now; none for no digest. */
  digest: string[];
  /** When to plan again if nothing else happens, ms since the epoch; null where there is nothing to wait for. */
  againAt: number | null;
}

/**
 * What a channel sends at `now`. `unsettled` are all of its open deliveries in the order in which they were created,
 * without those that `turnFor` skips; `sent` is what it sent in the last two minutes, or more. To be asked, and carried
 * out, by one at a time for each channel.
 */
export const planSending = (unsettled: readonly Unsettled[], sent: readonly Sent[], now: number): SendingPlan => {
  const ready = readyAt(unsettled, now);
  if (ready.length === 0) return { send: [], digest: [], againAt: nextDue(unsettled, now) };
  const lastDigestAt = Math.max(...sent.filter(({ isDigest }) => isDigest).map(({ at }) => at));
  const gatherUntil = lastDigestAt + betweenDigestsMs;
  if (now < gatherUntil) return { send: [], digest: [], againAt: gatherUntil };
  const recent = sent.filter(({ at, isDigest }) => !isDigest && at > now - minuteMs).map(({ at }) => at);
  if (ready.length <= maxPerMinute - recent.length)
    return { send: firstOfEach(ready), digest: [], againAt: nextDue(unsettled, now) };
  // One alone is no digest: it waits for another, or for its turn.
  if (ready.length === 1) return { send: [], digest: [], againAt: Math.min(...recent) + minuteMs };
  return { send: [], digest: ready.map(({ id }) => id), againAt: now + betweenDigestsMs };
};

/** What is sent by itself however much there is, each story in its order. */
export const planSingly = (unsettled: readonly Unsettled[], now: number): Omit<SendingPlan, 'digest'> => ({
  send: firstOfEach(readyAt(unsettled, now)),
  againAt: nextDue(unsettled, now),
});

/** Those that may be told now: due, and all before them of the same incident as well, so that the order is kept. */
const readyAt = (unsettled: readonly Unsettled[], now: number): Unsettled[] => {
  const blocked = new Set<string>();
  return unsettled.filter(({ incidentId, fate, dueAt }) => {
    if (fate === 'sending' || dueAt > now) blocked.add(incidentId);
    return !blocked.has(incidentId);
  });
};

/** By themselves, the deliveries of an incident go one after the other. */
const firstOfEach = (ready: readonly Unsettled[]): string[] =>
  ready
    .filter((one, i) => ready.findIndex(({ incidentId }) => incidentId === one.incidentId) === i)
    .map(({ id }) => id);

const nextDue = (unsettled: readonly Unsettled[], now: number): number | null => {
  const times = unsettled.filter(({ fate, dueAt }) => fate === 'waiting' && dueAt > now).map(({ dueAt }) => dueAt);
  return times.length > 0 ? Math.min(...times) : null;
};

export interface Told {
  incidentId: string;
  /** Of the monitor. */
  name: string;
  event: DeliveryEvent;
}

/** What a digest says of an incident. `passed`: it began and ended within the digest. */
export const digestStandings = ['open', 'over', 'passed'] as const;
export type DigestStanding = (typeof digestStandings)[number];

export interface DigestLine {
  incidentId: string;
  name: string;
  standing: DigestStanding;
  /** The last that is told of it. */
  event: DeliveryEvent;
}

export interface Digest {
  /** How often each event is told. */
  events: Partial<Record<DeliveryEvent, number>>;
  /** How many incidents stand how. */
  standings: Record<DigestStanding, number>;
  /** The first incidents: open ones before the others, each in the order in which they were told. */
  lines: DigestLine[];
  /** So many incidents more. */
  more: number;
}

/** What the digest of these deliveries says, in the order in which they were created. */
export const digestOf = (deliveries: readonly Told[], maxLines = 20): Digest => {
  const events: Digest['events'] = {};
  const standings = { open: 0, over: 0, passed: 0 };
  const lines = new Map<string, DigestLine>();
  for (const { incidentId, name, event } of deliveries) {
    events[event] = (events[event] ?? 0) + 1;
    const before = lines.get(incidentId);
    lines.set(incidentId, { incidentId, name, event, standing: standingAfter(before?.standing, event) });
  }
  for (const { standing } of lines.values()) standings[standing]++;
  const sorted = digestStandings.flatMap((standing) =>
    [...lines.values()].filter((line) => line.standing === standing),
  );
  return { events, standings, lines: sorted.slice(0, maxLines), more: Math.max(0, sorted.length - maxLines) };
};

/** One that reopens is open, whatever was before. */
const standingAfter = (before: DigestStanding | undefined, event: DeliveryEvent): DigestStanding => {
  if (isClosing(event)) return before === 'open' || before === 'passed' ? 'passed' : 'over';
  return isProblem(event) || before === undefined ? 'open' : before;
};
