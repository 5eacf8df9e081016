import { z } from 'zod';
import type { Health } from '../checks/outcome.ts';
import { reasons } from '../checks/reasons.ts';
import { type Region, regions } from '../checks/region.ts';
import { alertEvents, notifiedStates, standings } from './alerts.ts';

/** Times are ms since the epoch. Fields that came later have defaults, so that what was stored before still loads. */

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
  /** What the region counts as, after confirmation; `unknown` while it is silent. */
  health: decided,
  /** The latest outcomes that contradict `health`: how many in a row, and when the first of them began. */
  contradictions: z.number(),
  contradictedSince: z.number(),
  /** What those say. */
  leaning: decided,
  /** Since when `health` holds: the first outcome that said so. */
  since: z.number(),
  /** The last outcome before it, which said otherwise; 0 where there was none. */
  otherwiseUntil: z.number(),
  /** The same for `contradictedSince`. */
  agreedUntil: z.number(),
  /** The latest outcome that was folded; an older one is ignored. */
  latest: outcome,
  /** Start of the latest outcome that is known of, quiet ones included as far as they were reported (`hear`). */
  lastSeenAt: z.number().default(0),
  /** Nothing was heard of it for so long that what it said no longer counts. */
  isStale: z.boolean().default(false),
});

const monitorState = z.object({
  verdict: decided,
  /** From when the verdict counts: the first outcome that belongs to it. */
  since: z.number(),
  regions: z.partialRecord(z.enum(regions), regionState),
  /**
   * Some region contradicts itself since then. `failing`: regions that counted so then; `waitsUntil`: no region is asked before, 0 where
   * none of it is left; `asksSince`: from when regions are asked, 0 before that.
   */
  suspicion: z
    .object({
      since: z.number(),
      failing: z.array(z.enum(regions)).default([]),
      waitsUntil: z.number().default(0),
      asksSince: z.number().default(0),
    })
    .nullable(),
  /** Confirmations since it was calm that confirmed no change, and when the last of them ended (suspicion.ts). */
  unconfirmed: z.object({ count: z.number(), at: z.number() }).default({ count: 0, at: 0 }),
  /** For when each region was asked out of turn last, and when its whole allowance is there again. */
  asked: z.partialRecord(z.enum(regions), z.object({ at: z.number(), restoredAt: z.number() })).default({}),
  /** A quorum for this verdict holds `since`, and must hold on for the policy's period; it would count from `from`. */
  holding: z.object({ to: decided, since: z.number(), from: z.number() }).nullable().default(null),
  /** Why the latest check of a region had no result, where the target's owner can change that; ended by a result. */
  refusals: z
    .partialRecord(
      z.enum(regions),
      z.object({ reason: z.literal('challenged'), status: z.number().nullable(), at: z.number() }),
    )
    .optional(),
  /** Until then regions that say nothing are expected to speak, and a quorum counts them as undecided. */
  awaitingUntil: z.number().default(0),
  /** When a region fell silent last: a failure heard before that has to be heard again before it makes an outage. */
  shrunkAt: z.number().default(0),
  /** Regions whose own view was broken when anything was folded last. */
  distrusted: z.array(z.enum(regions)).default([]),
  /** Up or down as it was known last: silence does not change it. Null before the first. */
  standing: z.enum(standings).nullable().default(null),
  /** When that was decided. */
  stoodAt: z.number().default(0),
  /** The outage that is open, with its first failing check. Silence neither opens nor closes one. */
  outage: z.object({ since: z.number() }).nullable().default(null),
  /** How often a further region was seen to fail in it. */
  joined: z.number().default(0),
  /** When history took a verdict, within the last hour. */
  recorded: z.array(z.number()).default([]),
  /** What history says still, and when it takes the next sample; null where it is not behind. */
  unrecorded: z.object({ verdict: decided, dueAt: z.number() }).nullable().default(null),
  /** When `standing` changed, as far as it matters for flapping. */
  changes: z.array(z.number()).default([]),
  /** The same for what is flapping whatever the policy says. */
  latestChanges: z.array(z.object({ at: z.number(), inMaintenance: z.boolean() })).default([]),
  isFlapping: z.boolean().default(false),
  /** What people were told last. */
  notified: z.enum(notifiedStates).default('up'),
  /** What they are not told at present; `settling`: until it is clear whether something that it depends on is down. */
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

/** Reads a state as any version stored it. Throws a ZodError where it is none. */
export const restoreState = (stored: unknown): MonitorState => {
  const state = monitorState.parse(stored);
  // Before outages were kept by themselves, a verdict that was down was one.
  if (state.standing !== null || state.verdict === 'unknown') return state;
  const standing = state.verdict === 'down' ? 'down' : 'up';
  return { ...state, standing, notified: standing, outage: standing === 'down' ? { since: state.since } : null };
};

/** What the monitor's row shows of a state, and checks compare their outcomes with. */
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
