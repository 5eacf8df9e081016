import { z } from 'zod';
import { auditActions } from '../domain/teams/audit.ts';
import { author, reclassifiedAsField, timestamp } from './common.ts';
import { responseSchema, type Shape } from './responseSchema.ts';

const nullableSubject = () =>
  z
    .strictObject({ id: z.string(), name: z.string().describe('At the time of the action.'), deleted: z.boolean() })
    .nullable();

/** An action of a person that affects alerts, uptime or access. */
export const auditEntryView = responseSchema(() =>
  z.strictObject({
    id: z.string(),
    at: timestamp(),
    author: author(),
    action: z.enum(auditActions),
    monitor: nullableSubject(),
    subject: nullableSubject().describe(
      'Object of the action if it is no monitor. The first word of `action` names its type.',
    ),
    incidentId: z.string().nullable(),
    reason: z.string().nullable(),
    reclassification: z
      .strictObject({ id: z.string(), as: reclassifiedAsField(), from: timestamp(), to: timestamp() })
      .nullable(),
    signIn: z
      .strictObject({
        network: z.string().nullable(),
        isKnown: z.boolean().nullable().describe('The account had used the network or the device before.'),
        attempts: z.int().nullable().describe('Failed sign-ins in that hour.'),
      })
      .nullable(),
    changes: z
      .array(z.strictObject({ field: z.string(), from: z.unknown().optional(), to: z.unknown().optional() }))
      .describe('Changed fields; without values if these may be secret.'),
  }),
);
export type AuditEntryView = Shape<typeof auditEntryView>;
