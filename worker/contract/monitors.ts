import { z } from 'zod';
import { fieldKit } from '../checks/kinds/fieldKit.ts';
import { definitionOf, type KindSettings, kinds } from '../checks/kinds/kind.ts';
import { intervalsSeconds } from '../domain/checks/schedule.ts';
import { policyFields } from '../domain/verdict/checkPolicyFields.ts';
import { conditions } from '../domain/verdict/condition.ts';
import { observationFields, region, timestamp, verdict } from './common.ts';
import { resolvedPolicyView } from './escalationPolicies.ts';
import { occurrenceView } from './maintenance.ts';
import { type ResponseSchema, responseSchema, type Shape } from './responseSchema.ts';

export const tickView = responseSchema(() =>
  z.strictObject({
    monitorId: z.string(),
    ...observationFields(),
    scheduledAt: timestamp(),
    startedAt: timestamp(),
  }),
);
export type TickView = Shape<typeof tickView>;

const decided = () => z.enum(['up', 'degraded', 'down', 'unknown']);

const commonFields = () => ({
  id: z.string(),
  name: z.string(),
  address: z.string().describe('What the settings of the kind monitor, on one line.'),
  timeoutMs: z.int(),
  intervalSeconds: z.literal(intervalsSeconds),
  regions: z.array(region()),
  degradedAboveMs: z.int().nullable(),
  ...policyFields,
  tags: z.array(z.string()),
  runbookUrl: z.string().nullable().describe('The page that says what to do when the monitor fails.'),
  dependsOn: z.array(z.string()).describe('Ids of monitors: while one of these is down, this one alerts nobody.'),
  escalationPolicyId: z.string().nullable().describe('The chosen policy; null: that of a tag, or the default.'),
  critical: z.boolean().describe('Alerts bypass quiet hours where the channel allows it.'),
  verdict: verdict(),
  verdictSince: timestamp(),
  suspect: z.boolean().describe('A region disagrees with the verdict, and confirmation is running.'),
  flapping: z.boolean().describe('The verdict changes so often that single changes are no longer notified.'),
  staleSince: timestamp()
    .nullable()
    .describe('Since when Pharos does not check the monitor, so that it is unknown whatever was decided before.'),
  regionHealth: z.partialRecord(region(), decided()),
  createdAt: timestamp(),
  updatedAt: timestamp().describe('Send it with a change, and the change is refused if somebody else made one since.'),
});

type Common = z.output<z.ZodObject<ReturnType<typeof commonFields>>>;

/** A strict object for each kind, whose settings come from its definition. */
const ofEveryKind = <F extends z.ZodRawShape>(fields: () => F) =>
  responseSchema(() => {
    const [first, ...others] = kinds.map((kind) =>
      z.strictObject({
        ...fields(),
        kind: z.literal(kind),
        settings: z
          .strictObject(definitionOf(kind).fields(fieldKit(true)))
          .describe('Secrets are masked; sending a mask back keeps the stored value.'),
      }),
    );
    return z.discriminatedUnion('kind', [first, ...others] as [NonNullable<typeof first>]);
  });

const surroundings = () => ({
  uptime24h: z.number().nullable().describe('Percent with three decimals over the last 24 h; null without data.'),
  observed24hSeconds: z.int().describe('The part of these 24 h that was neither unknown, paused nor in maintenance.'),
  maintenance: occurrenceView()
    .nullable()
    .describe('The window that applies now; of several the one that ends last. The verdict stays.'),
  nextMaintenance: occurrenceView().nullable(),
});

const detailFields = () => ({
  ...surroundings(),
  latestTicks: z.array(tickView()).describe('Of all regions, oldest first, at most 30.'),
  limitedBy: z
    .strictObject({
      domain: z.string(),
      requestsPerSecond: z.number().describe('Sent to the domain by all teams together.'),
      effectiveIntervalSeconds: z.number(),
    })
    .nullable()
    .describe('The interval of each region instead of `intervalSeconds`, because the domain has too many checks.'),
  escalationPolicy: resolvedPolicyView().nullable().describe('Null if the team has no escalation policy.'),
});

export type MonitorView = Common & KindSettings;

/** A monitor as its page shows it: `GET /monitors/:id`. */
export type MonitorDetailView = MonitorView & z.output<z.ZodObject<ReturnType<typeof detailFields>>>;
export const monitorDetailView = ofEveryKind(() => ({
  ...commonFields(),
  ...detailFields(),
})) as unknown as ResponseSchema<z.ZodType<MonitorDetailView>>;

/** How many monitors the whole team has, by what `?verdict=` and `?condition=` of the list find. */
export const monitorCountsView = responseSchema(() =>
  z.strictObject({
    total: z.int(),
    verdicts: z
      .record(verdict(), z.int())
      .describe('`maintenance` counts monitors in a window now; they also count under their own verdict.'),
    conditions: z.record(z.enum(conditions), z.int()),
  }),
);
export type MonitorCountsView = Shape<typeof monitorCountsView>;

export const tagsView = responseSchema(() =>
  z.strictObject({ data: z.array(z.string()).describe('All tags of the team’s monitors, in order, at most 1,000.') }),
);

/**
 * A monitor as the list shows it, in at most about 600 bytes; `GET /monitors/:id` has the rest.
 * `recentChecks`: the latest checks of all regions, oldest first, at most 30, packed. It begins with the time of the first,
 * in ms since the epoch; each check is `<outcome><region>[!]<latency>[.<step>]`, such as `U13f.7ps`: U up, G degraded,
 * D down or N unknown; the place of the region in `GET /regions`, from 0; `!` where nothing answered; ms of latency; ms
 * since the check before, left out where they are the same as there. Numbers are in base 36 (domain/checks/recentChecks.ts).
 */
export const monitorListItem = responseSchema(() => {
  const { id, name, address, tags, regions, escalationPolicyId, suspect, flapping, staleSince, regionHealth, ...rest } =
    commonFields();
  const listed = {
    id,
    name,
    address,
    tags,
    regions,
    escalationPolicyId,
    suspect,
    flapping,
    staleSince,
    regionHealth,
  };
  return z.strictObject({ ...listed, verdict: rest.verdict, ...surroundings(), recentChecks: z.string() });
});
export type MonitorListItem = Shape<typeof monitorListItem>;

/** A monitor as one that is related to it names it. */
export const relatedMonitorView = responseSchema(() =>
  z.strictObject({ id: z.string(), name: z.string(), verdict: verdict() }),
);
export type RelatedMonitorView = Shape<typeof relatedMonitorView>;

export const dependenciesView = responseSchema(() =>
  z.strictObject({
    dependsOn: z.array(relatedMonitorView()),
    dependents: z.array(relatedMonitorView()).describe('Monitors that depend on it, at most 100.'),
  }),
);
export type DependenciesView = Shape<typeof dependenciesView>;

export const checkAcceptedView = responseSchema(() => z.strictObject({ monitorId: z.string() }));
export type CheckAcceptedView = Shape<typeof checkAcceptedView>;
