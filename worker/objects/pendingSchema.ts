import { z } from 'zod';
import { regions } from '../domain/checks/region.ts';
import { targetTypes } from '../domain/escalation/escalationPolicy.ts';
import { deliveryEvents, problems } from '../domain/escalation/events.ts';
import { alertEvents } from '../domain/verdict/alerts.ts';
import type { MonitorRecord } from './monitorRecord.ts';

/** The parts of a timeline event and a delivery that their write depends on (db/decisions/decisions.ts). */

const at = z.number();
const evidence = z.looseObject({ region: z.enum(regions), reason: z.string(), startedAt: at });
const incidentId = z.string().nullable();
const event = z.enum(alertEvents);

const timelineEvent = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('verdict'),
    to: z.enum(['up', 'degraded', 'down', 'unknown']),
    since: at,
    at,
    explanation: z.looseObject({}).nullable(),
  }),
  z.looseObject({
    type: z.literal('outage'),
    change: z.enum(['opened', 'closed']),
    since: at,
    at,
    evidence: z.array(evidence),
    incidentId,
  }),
  z.looseObject({ type: z.literal('joined'), at, evidence }),
  z.looseObject({ type: z.literal('alert'), event, at, incidentId }),
  z.looseObject({
    type: z.literal('suppressed'),
    event,
    at,
    incidentId,
    because: z.looseObject({ type: z.string() }),
  }),
]);

const targets = z.array(z.object({ type: z.enum(targetTypes), id: z.string() }));

const delivery = z.object({
  dedupKey: z.string(),
  message: z.looseObject({}),
  later: z.array(targets).optional(),
  effect: z.object({
    type: z.literal('deliver'),
    event: z.enum(deliveryEvents),
    about: z.enum(problems),
    round: z.number(),
    step: z.number(),
    targets: z.union([z.enum(['notified', 'stateful']), targets]),
    sparing: z.boolean().optional(),
    at,
  }),
});

const ask = z.object({ regions: z.array(z.enum(regions)), at });

/** The readable ones: an unreadable one must not delay the others. */
const readable = <One extends z.ZodType>(one: One) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((all) => all.flatMap((given) => one.safeParse(given).data ?? []));

/** Decisions that were not yet carried out when the version changed. */
export const pendingSchema = z.object({
  timelineEvents: readable(timelineEvent).transform(
    (timelineEvents) => timelineEvents as unknown as MonitorRecord['pending']['timelineEvents'],
  ),
  deliveries: readable(delivery),
  asks: readable(ask),
  refreshUpstream: z.boolean().catch(false),
  notifyDependents: z.boolean().catch(false),
});
