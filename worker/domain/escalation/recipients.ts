import { whoIsOnCall } from '../onCall/onCall.ts';
import type { OnCallSchedule } from '../onCall/onCallSchedule.ts';
import type { Target } from './escalationPolicy.ts';

/** The possible recipients of a team, by id. */
export interface Reachable {
  channels: ReadonlySet<string>;
  people: ReadonlyMap<string, { name: string; channels: readonly string[] }>;
  schedules: ReadonlyMap<string, OnCallSchedule & { name: string }>;
}

export interface Recipient {
  channelId: string;
  /** The recipient: `Ada, on call in Ops`. Null where the policy names the channel itself. */
  person: string | null;
}

/** A target that led to no channel. `person` is null where nobody was on call, `schedule` where the policy names the person. */
export interface Unreached {
  schedule: string | null;
  person: string | null;
}

/** The recipients in place of a step that notified nobody. */
export type InPlace = 'later-step' | 'all-channels' | 'nobody';

export interface Reached {
  recipients: Recipient[];
  unreached: Unreached[];
  /** Null where the step itself reached somebody. */
  inPlace: InPlace | null;
}

const gone = 'Deleted person';

/**
 * The channels that a step leads to at `at` (ms since the epoch), each once. An outage must not pass unheard: where its
 * step leads to none, the next of the `later` steps that does takes its place, and where none does, all channels.
 */
export const recipientsOf = (
  targets: readonly Target[],
  { later, reachable, at }: { later: readonly (readonly Target[])[] | null; reachable: Reachable; at: number },
): Reached => {
  const led = targets.map((target) => leadsTo(target, reachable, at));
  const unreached = led.flatMap((one) => one.unreached ?? []);
  const recipients = merged(led);
  if (recipients.length > 0) return { recipients, unreached, inPlace: null };
  if (later === null) return { recipients, unreached, inPlace: 'nobody' };
  for (const step of later) {
    const next = merged(step.map((target) => leadsTo(target, reachable, at)));
    if (next.length > 0) return { recipients: next, unreached, inPlace: 'later-step' };
  }
  const all = [...reachable.channels].map((channelId) => ({ channelId, person: null }));
  return { recipients: all, unreached, inPlace: all.length > 0 ? 'all-channels' : 'nobody' };
};

/** Whether a policy can notify the channel: itself, through a person, or through anybody who takes turns. */
export const canNotify = (
  steps: readonly { targets: readonly Target[] }[],
  channelId: string,
  all: Reachable,
): boolean => {
  const reaches = (personId: string) => all.people.get(personId)?.channels.includes(channelId) ?? false;
  const leads = ({ type, id }: Target): boolean => {
    if (type === 'channel') return id === channelId;
    if (type === 'person') return reaches(id);
    const schedule = all.schedules.get(id);
    const people = schedule
      ? [...schedule.layers.flatMap((layer) => layer.participants), ...schedule.overrides.map((one) => one.personId)]
      : [];
    return people.some((personId) => personId !== null && reaches(personId));
  };
  return all.channels.has(channelId) && steps.some(({ targets }) => targets.some(leads));
};

interface Led {
  recipients: Recipient[];
  unreached: Unreached | null;
}

const leadsTo = ({ type, id }: Target, reachable: Reachable, at: number): Led => {
  if (type === 'channel') {
    const recipients = reachable.channels.has(id) ? [{ channelId: id, person: null }] : [];
    return { recipients, unreached: null };
  }
  if (type === 'person') return reach(id, null, reachable);
  const schedule = reachable.schedules.get(id);
  if (!schedule) return { recipients: [], unreached: null };
  const personId = whoIsOnCall(schedule, at);
  if (personId === null) return { recipients: [], unreached: { schedule: schedule.name, person: null } };
  return reach(personId, schedule.name, reachable);
};

const reach = (personId: string, schedule: string | null, { people, channels }: Reachable): Led => {
  const person = people.get(personId);
  const name = person?.name ?? gone;
  const own = (person?.channels ?? []).filter((id) => channels.has(id));
  if (own.length === 0) return { recipients: [], unreached: { schedule, person: name } };
  const called = schedule === null ? name : `${name}, on call in ${schedule}`;
  return { recipients: own.map((channelId) => ({ channelId, person: called })), unreached: null };
};

/** Each channel once, with all of its recipients. */
const merged = (led: readonly Led[]): Recipient[] => {
  const people = new Map<string, Set<string>>();
  for (const { channelId, person } of led.flatMap(({ recipients }) => recipients)) {
    const known = people.get(channelId) ?? new Set();
    people.set(channelId, person === null ? known : known.add(person));
  }
  return [...people].map(([channelId, known]) => ({ channelId, person: [...known].join('; ') || null }));
};
