import { z } from 'zod';
import type { Health } from '../checks/outcome.ts';
import { reasons } from '../checks/reasons.ts';
import { type Region, regions } from '../checks/region.ts';
import { alertEvents, notifiedStates, standings } from './alerts.ts';

/** Times are ms since the epoch. Fields that were added later have defaults, so that older stored states still load. */

const decided = z.enum(['up', 'degraded', 'down', 'unknown']);

const outcome = z.object({
  health: decided,
  reason: z.enum(reasons),
  status: z.number().nullable(),
  latencyMs: z.number(),
  region: z.enum(regions),
  dataCentre: z.string().nullable(),
  scheduledAt: z.number(),
  startedAt: z.number(),
});

const regionState = z.object({
  /** The region's health after confirmation; `unknown` while it is stale. */
  health: decided,
  /** The latest outcomes in a row that contradict `health`: their number, and the start of the first. */
  contradictions: z.number(),
  contradictedSince: z.number(),
  /** The health that those outcomes indicate. */
  leaning: decided,
  /** Since when `health` holds: its first outcome. */
  since: z.number(),
  /** The last outcome before it with another health; 0 where there was none. */
  otherwiseUntil: z.number(),
  /** The same for `contradictedSince`. */
  agreedUntil: z.number(),
  /** The latest folded outcome; older ones are ignored. */
  latest: outcome,
  /** Start of the latest known outcome, including quiet outcomes once they are reported (`noteLastSeen`). */
  lastSeenAt: z.number().default(0),
  /** The region sent no data for too long, so its health no longer counts. */
  isStale: z.boolean().default(false),
});

const monitorState = z.object({
  verdict: decided,
  /** When the verdict took effect: its first outcome. */
  since: z.number(),
  regions: z.partialRecord(z.enum(regions), regionState),
  /**
   * Since when a region contradicts itself. `failing`: regions that failed then; `waitsUntil`: no on-demand check before, 0
   * once that is over; `asksSince`: since when on-demand checks run, 0 before that.
   */
  suspicion: z
    .object({
      since: z.number(),
      failing: z.array(z.enum(regions)).default([]),
      waitsUntil: z.number().default(0),
      asksSince: z.number().default(0),
    })
    .nullable(),
  /** Confirmations since the last calm period that confirmed no change, and the end of the last of them (suspicion.ts). */
  unconfirmed: z.object({ count: z.number(), at: z.number() }).default({ count: 0, at: 0 }),
  /** When each region was last asked on demand, and when its whole allowance is restored. */
  asked: z.partialRecord(z.enum(regions), z.object({ at: z.number(), restoredAt: z.number() })).default({}),
  /** A quorum for this verdict holds `since`, and must last for the policy's period; the verdict would count from `from`. */
  holding: z.object({ to: decided, since: z.number(), from: z.number() }).nullable().default(null),
  /** The reason why a region's latest check had no result, where the target's owner can change that; a result ends it. */
  refusals: z
    .partialRecord(
      z.enum(regions),
      z.object({ reason: z.literal('challenged'), status: z.number().nullable(), at: z.number() }),
    )
    .optional(),
  /** Stale regions are awaited until then, and a quorum counts them as undecided. */
  awaitingUntil: z.number().default(0),
  /** When a region last turned stale. A failure from before must be confirmed by new data before it opens an outage. */
  shrunkAt: z.number().default(0),
  /** Regions that were distrusted at the last fold. */
  distrusted: z.array(z.enum(regions)).default([]),
  /** The last known standing, up or down. Stale data does not change it. Null before the first. */
  standing: z.enum(standings).nullable().default(null),
  stoodAt: z.number().default(0),
  /** The open outage, with its first failed check. Stale data neither opens nor closes one. */
  outage: z.object({ since: z.number() }).nullable().default(null),
  /** How many times a further region failed in it. */
  joined: z.number().default(0),
  /** Times at which history stored a verdict, within the last hour. */
  recorded: z.array(z.number()).default([]),
  /** The verdict that history still shows, and the time of its next sample; null where it is up to date. */
  unrecorded: z.object({ verdict: decided, dueAt: z.number() }).nullable().default(null),
  /** The changes of `standing` that count for flapping. */
  changes: z.array(z.number()).default([]),
  /** The changes that count for the flapping floor, which every policy has. */
  latestChanges: z.array(z.object({ at: z.number(), inMaintenance: z.boolean() })).default([]),
  isFlapping: z.boolean().default(false),
  /** The last notification. */
  notified: z.enum(notifiedStates).default('up'),
  /** The alerts suppressed at present; `settling`: until it is clear whether a dependency is down. */
  suppressed: z
    .object({ event: z.enum(alertEvents), because: z.enum(['maintenance', 'dependency', 'settling']) })
    .nullable()
    .default(null),
});

export type DecidedVerdict = Health | 'unknown';
export type RegionState = z.infer<typeof regionState>;
export type Refusal = NonNullable<NonNullable<MonitorState['refusals']>[Region]>;
export type MonitorState = z.infer<typeof monitorState>;

export const initialState: MonitorState = monitorState.parse({
  verdict: 'unknown',
  since: 0,
  regions: {},
  suspicion: null,
});

/** Reads a state of any version. Throws a ZodError where it is invalid. */
export const restoreState = (stored: unknown): MonitorState => {
  const state = monitorState.parse(stored);
  // Earlier versions stored no outage of its own: a verdict of down was one.
  if (state.standing !== null || state.verdict === 'unknown') return state;
  const standing = state.verdict === 'down' ? 'down' : 'up';
  return { ...state, standing, notified: standing, outage: standing === 'down' ? { since: state.since } : null };
};

/** The part of a state that the monitor's row shows, and that checks compare their outcomes with. */
export interface Shown {
  verdict: DecidedVerdict;
  verdictSince: number;
  regionHealth: Partial<Record<Region, DecidedVerdict>>;
  suspect: boolean;
  flapping: boolean;
}

export const shownOf = ({ verdict, since, regions, refusals, suspicion, isFlapping }: MonitorState): Shown => ({
  verdict,
  verdictSince: since,
  regionHealth: {
    ...Object.fromEntries(Object.keys(refusals ?? {}).map((region) => [region, 'unknown' as const])),
    ...Object.fromEntries(Object.entries(regions).map(([region, { health }]) => [region, health])),
  },
  suspect: suspicion !== null,
  flapping: isFlapping,
});
