/**
 * Protects a channel from floods: few messages are sent one by one, many at once are combined into a digest. Each delivery
 * keeps its own record; in a digest, it shares the state of the digest.
 */

const minuteMs = 60_000;
/** In any minute so many new messages go to a channel by themselves, and one digest. */
export const maxPerMinute = 10;
/** In any minute so many go that have to go by themselves: PagerDuty, for one, takes 120. */
export const maxAlonePerMinute = 60;
/** While digests fail, each further one gathers twice as long as the one before, up to this. */
const maxGatherMs = 30 * minuteMs;

/** A delivery of the channel that was neither delivered nor failed. In a digest that is to be retried: `sending`. */
export interface Unsettled {
  number: number;
  incidentId: string;
  state: 'waiting' | 'sending';
  /** When it is to be tried, ms since the epoch. */
  dueAt: number;
  /** An attempt began under its own id. The receiver may have it under that, so it keeps it to the end. */
  isTried: boolean;
  /** Where it has to be sent because its problem was sent there: by itself, or in digests of this name. */
  belongsTo: 'itself' | { digestId: string } | null;
  /** Sent in one digest with all others of its incident, however few they are. */
  together?: boolean;
}

/** A message that was tried by itself, whatever became of it. */
export interface Sent {
  number: number;
  /** When its last attempt began, ms since the epoch. */
  at: number;
}

/** Times are ms since the epoch. */
export interface SentDigest {
  number: number;
  createdAt: number;
  /** When its last attempt began; null before the first. */
  triedAt: number | null;
  /** The next attempt; null where it was delivered or failed. */
  dueAt: number | null;
}

export interface SendingPlan {
  /** Deliveries to be sent by themselves now, in this order. */
  send: number[];
  /** Deliveries for one new digest; with `digestId` it continues those of that name. Null for none. */
  digest: { digestId: string | null; numbers: number[] } | null;
  /** The digest to be tried now; null for none. */
  retry: number | null;
  /** When to plan again if nothing else happens, ms since the epoch; null where there is nothing to wait for. */
  againAt: number | null;
}

interface Past {
  /** Single messages of the last two minutes, or more. */
  sent: readonly Sent[];
  /** Those that are open, and those of the last half hour, or more. */
  digests: readonly SentDigest[];
}

/**
 * The messages that a channel sends at `now`. `unsettled` are all of its open deliveries in the order in which they were
 * created, without those that `turnFor` skips. Only one caller at a time may ask, and carry it out, for each channel.
 */
export const planSending = (unsettled: readonly Unsettled[], { sent, digests }: Past, now: number): SendingPlan => {
  const recent = sent.filter(({ at }) => at > now - minuteMs);
  const ready = readyAt(unsettled, now);
  const alone = ready.filter(goesAlone);
  const allowed = alone.slice(0, Math.max(0, maxAlonePerMinute - recent.length));
  const rest = planFree(ready, recent, unsettled, digests, now);
  const times = [
    allowed.length < alone.length ? roomAt(recent) : null,
    rest.againAt,
    nextDue(unsettled, now),
    nextRetryAt(digests),
  ].filter((at) => at !== null);
  return {
    send: [...numbersOf(allowed), ...rest.send],
    digest: rest.digest,
    // New deliveries come before retries; the next turn is a minute later.
    retry: rest.digest ? null : dueDigest(digests, now),
    againAt: times.length > 0 ? Math.min(...times) : null,
  };
};

/**
 * Deliveries that need no message of their own: sent one by one where these are few, else as a digest, which may have to
 * wait.
 */
const planFree = (
  ready: readonly Unsettled[],
  recent: readonly Sent[],
  unsettled: readonly Unsettled[],
  digests: readonly SentDigest[],
  now: number,
): Omit<SendingPlan, 'retry'> => {
  const rest = ready.filter((one) => !goesAlone(one));
  const gatherUntil = rest.length > 0 ? gatheringUntil(digests) : 0;
  if (now < gatherUntil) return { send: [], digest: null, againAt: gatherUntil };
  const free = rest.filter(({ belongsTo }) => belongsTo === null);
  const onTheirWay = new Set([...numbersOf(recent), ...numbersOf(unsettled.filter(({ isTried }) => isTried))]);
  const areFew = free.length <= maxPerMinute - onTheirWay.size;
  const send = areFew ? firstOfEach(free.filter(({ together }) => !together)) : [];
  const [oldest, ...others] = areFew ? rest.filter((one) => one.belongsTo !== null || one.together) : rest;
  if (!oldest) return { send, digest: null, againAt: null };
  const digestId = digestIdOf(oldest);
  const folded = [oldest, ...others.filter((one) => digestIdOf(one) === digestId)];
  // One alone is no digest: it waits for another, or for its turn.
  const isLonely = folded.length === 1 && digestId === null && recent.length >= maxPerMinute;
  const turnAt = isLonely ? roomAt(recent) : digestTurnAt(digests);
  if (isLonely || now < turnAt) return { send, digest: null, againAt: turnAt };
  return { send, digest: { digestId, numbers: numbersOf(folded) }, againAt: null };
};

const numbersOf = (list: readonly { number: number }[]) => list.map(({ number }) => number);

const goesAlone = ({ isTried, belongsTo }: Unsettled) => isTried || belongsTo === 'itself';

const digestIdOf = ({ belongsTo }: Unsettled) =>
  belongsTo === null || belongsTo === 'itself' ? null : belongsTo.digestId;

/**
 * The deliveries that may be sent now: due ones, and earlier ones of the same incident that can join them, so that the order
 * is kept. A delivery that is sent by itself goes after the one before it and before the next.
 */
const readyAt = (unsettled: readonly Unsettled[], now: number): Unsettled[] => {
  const heads = new Map<string, Unsettled>();
  const blocked = new Set<string>();
  return unsettled.filter((one) => {
    const head = heads.get(one.incidentId);
    const goesWith = !head || !(goesAlone(head) || goesAlone(one) || digestIdOf(head) !== digestIdOf(one));
    if (one.state === 'sending' || one.dueAt > now || !goesWith) blocked.add(one.incidentId);
    if (blocked.has(one.incidentId)) return false;
    if (!head) heads.set(one.incidentId, one);
    return true;
  });
};

/** By themselves, the deliveries of an incident go one after the other. */
const firstOfEach = (ready: readonly Unsettled[]): number[] =>
  numbersOf([...Map.groupBy(ready, ({ incidentId }) => incidentId).values()].flatMap((own) => own.slice(0, 1)));

const isOpen = ({ dueAt }: SentDigest) => dueAt !== null;

/** When the oldest of these no longer counts. */
const roomAt = (recent: readonly Sent[]) => Math.min(...recent.map(({ at }) => at)) + minuteMs;

const gatheringUntil = (digests: readonly SentDigest[]) => {
  const latest = Math.max(...digests.map(({ createdAt }) => createdAt));
  return latest + Math.min(maxGatherMs, minuteMs * 2 ** digests.filter(isOpen).length);
};

const digestTurnAt = (digests: readonly SentDigest[]) =>
  Math.max(...digests.map(({ triedAt }) => triedAt ?? -Infinity)) + minuteMs;

/** The one that has waited longest. */
const dueDigest = (digests: readonly SentDigest[], now: number): number | null => {
  if (now < digestTurnAt(digests)) return null;
  const due = digests.filter(({ dueAt }) => dueAt !== null && dueAt <= now);
  return due.toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))[0]?.number ?? null;
};

const nextRetryAt = (digests: readonly SentDigest[]): number | null => {
  const due = digests.flatMap(({ dueAt }) => dueAt ?? []);
  return due.length > 0 ? Math.max(Math.min(...due), digestTurnAt(digests)) : null;
};

const nextDue = (unsettled: readonly Unsettled[], now: number): number | null => {
  const times = unsettled.filter(({ state, dueAt }) => state === 'waiting' && dueAt > now).map(({ dueAt }) => dueAt);
  return times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : null;
};
