import { z } from 'zod';
import { alertEvents } from '../domain/alerts.ts';
import { deliveryEvents, problems } from '../domain/escalation/events.ts';
import { targetTypes } from '../domain/escalation/policy.ts';
import { restoreEscalation } from '../domain/escalation.ts';
import { lesserProblems } from '../domain/lesser.ts';
import { regions } from '../domain/region.ts';
import { restoreState } from '../domain/verdict.ts';
import { type MonitorRecord, recordForm } from './monitorRecord.ts';

const list = z.array(z.unknown());
const policy = z.looseObject({ events: list, steps: list });

/** As far as writing them depends on it (db/decisions.ts). */
const at = { at: z.number() };
const evidence = z.looseObject({ region: z.enum(regions), reason: z.string(), startedAt: z.number() });
const incidentId = z.string().nullable();
const verdicts = ['up', 'degraded', 'down', 'unknown'];
const fact = z.discriminatedUnion('type', [
  z.looseObject({
    ...{ type: z.literal('verdict'), since: z.number(), ...at },
    ...{ to: z.enum(verdicts), explanation: z.looseObject({}) },
  }),
  z.looseObject({
    ...{ type: z.literal('outage'), since: z.number(), ...at },
    ...{ change: z.enum(['opened', 'closed']), evidence: z.array(evidence), incidentId },
  }),
  z.looseObject({ type: z.literal('joined'), ...at, evidence }),
  z.looseObject({ type: z.literal('alert'), ...at, event: z.enum(alertEvents), incidentId }),
  z.looseObject({
    ...{ type: z.literal('withheld'), ...at, event: z.enum(alertEvents), incidentId },
    because: z.looseObject({ type: z.string() }),
  }),
]);

const targets = z.array(z.object({ type: z.enum(targetTypes), id: z.string() }));
const delivery = z.object({
  story: z.string(),
  message: z.looseObject({}),
  later: z.array(targets).optional(),
  effect: z.object({
    ...{ type: z.literal('deliver'), event: z.enum(deliveryEvents), about: z.enum(problems) },
    ...{ round: z.number(), step: z.number(), targets: z.union([z.enum(['told', 'keepers']), targets]) },
    ...{ sparing: z.boolean().optional(), ...at },
  }),
});

const ask = z.object({ regions: z.array(z.enum(regions)), ...at });

/** Those that can be read: one that cannot must not hold up the others. */
const readable = <One extends z.ZodType>(one: One) =>
  list.catch([]).transform((all) => all.flatMap((given) => one.safeParse(given).data ?? []));

/** What was decided, and not yet carried out when the version changed. */
const pending = z.object({
  facts: readable(fact).transform((facts) => facts as unknown as MonitorRecord['pending']['facts']),
  deliveries: readable(delivery),
  asks: readable(ask),
  lookUpstream: z.boolean().catch(false),
  tellDependents: z.boolean().catch(false),
});

/** As an earlier version, or a later one that was taken back, stored it: what decides who is told, and of what. */
const older = z.object({
  ref: z.object({ id: z.string(), number: z.number(), teamId: z.string() }),
  settings: z
    .looseObject({ regions: list, maintenance: list, distrusted: list, dependencies: list })
    .transform((settings) => settings as unknown as MonitorRecord['settings']),
  machine: z.unknown().transform(restoreState),
  lesser: z.object({
    seen: z.partialRecord(z.enum(lesserProblems), z.object({ since: z.number(), goneSince: z.number().nullable() })),
    told: z.enum(lesserProblems).nullable(),
  }),
  alerting: z
    .looseObject({ monitor: z.object({ id: z.string(), name: z.string(), url: z.string() }), policy })
    .transform((alerting) => alerting as unknown as MonitorRecord['alerting']),
  escalation: z
    .object({
      story: z.string(),
      state: z.unknown().transform(restoreEscalation),
      policyId: z.string().nullable(),
      since: z.number(),
      acknowledgedBy: z.string().nullable(),
      heardAt: z.number(),
    })
    .nullable(),
  revision: z.number(),
  openIncident: z.string().nullable(),
  pending,
});

/**
 * A record of another form, as far as it can be read: without it people would not hear of the end of what they were told,
 * nor of what was decided and not yet written.
 * Undefined where it cannot, or there is none: then the monitor is begun anew from its row.
 */
export const recordOfOlderForm = (stored: unknown): MonitorRecord | undefined => {
  try {
    const record = older.parse(stored);
    const pending = { ...record.pending, row: true };
    // What a person set, and who is told how, is of the older form still, and to be read anew before it is used.
    return { ...record, form: recordForm, changedAt: 0, wakeAt: null, pending, correlationId: '' };
  } catch {
    return undefined;
  }
};
