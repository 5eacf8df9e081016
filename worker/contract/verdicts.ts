import { z } from 'zod';
import { advisories } from '../domain/verdict/advisory.ts';
import { alertEvents } from '../domain/verdict/alerts.ts';
import { health, observationFields, region, timestamp, verdict } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

/** Of a check that counted. */
export const evidenceView = responseSchema(() =>
  z.strictObject({
    ...observationFields(),
    at: timestamp(),
  }),
);
export type EvidenceView = Shape<typeof evidenceView>;

const known = () => z.enum(['up', 'degraded', 'down']);

const voteView = responseSchema(() =>
  z.strictObject({
    region: region(),
    vote: known().nullable().describe('Null where the region has none.'),
    ignored: z
      .enum(['never-seen', 'stale', 'distrusted', 'same-data-centre', 'outdated'])
      .nullable()
      .describe('Why it has no vote, or why its vote does not add to the others.'),
    confirming: z
      .strictObject({ to: known(), count: z.int(), needed: z.int() })
      .nullable()
      .describe('Its latest outcomes differ from the vote, but not often enough yet.'),
    staleSince: timestamp().nullable(),
    refusal: z
      .strictObject({ reason: z.literal('challenged'), status: z.int().nullable(), at: timestamp() })
      .nullable()
      .describe("Why the checks of a region without a vote have no result, where the target's owner can change that."),
    evidence: evidenceView().nullable(),
  }),
);
export type VoteView = Shape<typeof voteView>;

const suppressionView = responseSchema(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('maintenance'), until: timestamp().nullable() }),
    z.strictObject({
      type: z.literal('dependency'),
      monitors: z
        .array(z.strictObject({ id: z.string(), name: z.string().nullable() }))
        .describe('Monitors that this one depends on. A name is null where the monitor was deleted.'),
      until: timestamp().nullable().describe('Null where they are down; else they may be, and are waited for.'),
    }),
  ]),
);
export type SuppressionView = Shape<typeof suppressionView>;

const explanationView = responseSchema(() =>
  z.strictObject({
    quorum: z.union([z.enum(['any', 'majority', 'all']), z.int()]).describe('Of the policy.'),
    confirmations: z.int(),
    recoveryConfirmations: z.int(),
    needed: z
      .int()
      .describe(
        'Failing votes that make it down, or keep it so, of `size`. More than `size` where too few regions have fresh data.',
      ),
    neededPassing: z.int().describe('Passing votes that make it up.'),
    size: z.int().describe('Number of votes; regions in one data centre have one together.'),
    down: z.int(),
    passing: z.int(),
    votes: z.array(voteView()).describe("One of each region, in the order of the monitor's."),
    holding: z
      .strictObject({ to: health(), since: timestamp(), until: timestamp() })
      .nullable()
      .describe('Enough votes for another verdict, but not yet for as long as the policy demands.'),
    isFlapping: z.boolean(),
    backedOff: z
      .strictObject({ unconfirmed: z.int(), changes: z.int(), until: timestamp() })
      .nullable()
      .describe('Regular checks alone confirm until then, because so many confirmations confirmed no change.'),
    suppressed: z
      .strictObject({ event: z.enum([...alertEvents, ...advisories]), because: suppressionView() })
      .nullable()
      .describe('The alert that is due and not sent, with the reason.'),
  }),
);
export type ExplanationView = Shape<typeof explanationView>;

/** A verdict in the history of a monitor. */
export const verdictChangeView = responseSchema(() =>
  z.strictObject({
    verdict: verdict(),
    since: timestamp().describe('From when it counts.'),
    at: timestamp().describe('When it was decided; for the present, when this was asked.'),
    sentence: z.string().describe('All of it in one sentence.'),
    incidentId: z
      .string()
      .nullable()
      .describe('The incident that was open then, its first failure and its end included.'),
  }),
);
export type VerdictChangeView = Shape<typeof verdictChangeView>;

/** Why a monitor has the verdict that it has, or had. */
export const verdictView = responseSchema(() =>
  verdictChangeView().extend({
    monitorId: z.string(),
    isPresent: z
      .boolean()
      .describe('Explains the present. False for the past, and where only the latest decision is known.'),
    explanation: explanationView()
      .nullable()
      .describe('Null where a person set the verdict, while Pharos does not check the monitor, and for old decisions.'),
  }),
);
export type VerdictView = Shape<typeof verdictView>;
