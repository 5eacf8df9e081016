import { z } from 'zod';
import type { KindSettings } from '../checks/kinds/kind.ts';
import type { Region } from '../domain/checks/region.ts';
import type { IntervalSeconds } from '../domain/checks/schedule.ts';
import type { Verdict } from '../domain/history/uptime.ts';
import type { Condition } from '../domain/verdict/condition.ts';
import type { PolicySettings } from '../domain/verdict/policy.ts';
import type { DecidedVerdict } from '../domain/verdict/state.ts';
import { observationFields, timestamp } from './common.ts';
import type { OccurrenceView } from './maintenance.ts';
import type { ResolvedPolicyView } from './policies.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

export const tickView = responseSchema(() =>
  z.strictObject({
    monitorId: z.string(),
    ...observationFields(),
    scheduledAt: timestamp(),
    startedAt: timestamp(),
  }),
);
export type TickView = Shape<typeof tickView>;

/** Its kind, and what it watches and expects: secrets are masked (`maskedSecret`), and the mask sent back keeps what is stored. */
export type MonitorView = MonitorCommonView & KindSettings;

interface MonitorCommonView extends PolicySettings {
  id: string;
  name: string;
  /** What it watches, on one line. */
  address: string;
  timeoutMs: number;
  intervalSeconds: IntervalSeconds;
  regions: Region[];
  degradedAboveMs: number | null;
  tags: string[];
  /** The page that says what to do when it fails; null for none. */
  runbookUrl: string | null;
  /** Ids of monitors: while one of these is down, this one alerts nobody. */
  dependsOn: string[];
  /** The policy that was chosen for it; null: that of its tags, or else the default. */
  escalationPolicyId: string | null;
  /** Its alerts come through quiet hours, where the channel lets them. */
  critical: boolean;
  verdict: Verdict;
  verdictSince: string;
  /** Some region disagrees with the verdict and confirmation is running. */
  suspect: boolean;
  /** It changes so often that its changes are no longer told one by one. */
  flapping: boolean;
  /** Since when Pharos does not check it, so that it is unknown whatever was decided before; null while it does. */
  uncheckedSince: string | null;
  regionHealth: Partial<Record<Region, DecidedVerdict>>;
  createdAt: string;
  updatedAt: string;
}

/** A monitor as its page shows it: `GET /monitors/:id`. */
export type MonitorDetailView = MonitorView & MonitorSurroundings;

interface MonitorSurroundings {
  /** Percent with three decimals over the last 24 h; null without data. */
  uptime24h: number | null;
  /** How much of these 24 h it stands for: neither unknown nor paused nor in maintenance. */
  observed24hSeconds: number;
  /** The latest ticks of all regions, oldest first, at most 30. */
  latestTicks: TickView[];
  /** The window that holds it just now; of several the one that ends last. Its verdict stays what it is. */
  maintenance: OccurrenceView | null;
  nextMaintenance: OccurrenceView | null;
  /** How often it is checked from each region instead of `intervalSeconds`, because its domain has too many checks; mostly null. */
  limitedBy: {
    domain: string;
    /** What the domain is sent, by all teams together. */
    requestsPerSecond: number;
    effectiveIntervalSeconds: number;
  } | null;
  /** Null where the team has no escalation policy yet. */
  escalationPolicy: ResolvedPolicyView | null;
}

/** How many monitors the whole team has, by what `?verdict=` and `?condition=` of the list find. */
export interface MonitorCountsView {
  total: number;
  /** `maintenance` counts what a window holds now; these monitors also count under their own verdict. */
  verdicts: Record<Verdict, number>;
  conditions: Record<Condition, number>;
}

/** All tags that the team's monitors have, in their order, at most 1,000. */
export interface TagsView {
  data: string[];
}

/**
 * A monitor as the list shows it, in at most about 600 bytes; `GET /monitors/:id` has the rest.
 * `recentChecks`: the latest checks of all regions, oldest first, at most 30, packed. It begins with the time of the first,
 * in ms since the epoch; each check is `<outcome><region>[!]<latency>[.<step>]`, such as `U13f.7ps`: U up, G degraded,
 * D down or N unknown; the place of the region in `GET /regions`, from 0; `!` where nothing answered; ms of latency; ms
 * since the check before, left out where they are the same as there. Numbers are in base 36 (domain/checks/recentChecks.ts).
 */
export type MonitorListItem = Pick<
  MonitorDetailView,
  | 'id'
  | 'name'
  | 'address'
  | 'tags'
  | 'regions'
  | 'escalationPolicyId'
  | 'verdict'
  | 'suspect'
  | 'flapping'
  | 'uncheckedSince'
  | 'regionHealth'
  | 'uptime24h'
  | 'observed24hSeconds'
  | 'maintenance'
  | 'nextMaintenance'
> & { recentChecks: string };

/** A monitor as one that is related to it names it. */
export interface RelatedMonitorView {
  id: string;
  name: string;
  verdict: Verdict;
}

export interface DependenciesView {
  dependsOn: RelatedMonitorView[];
  /** Those that depend on it, at most 100. */
  dependents: RelatedMonitorView[];
}
