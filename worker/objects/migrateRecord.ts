import { z } from 'zod';
import { restoreEscalation } from '../domain/escalation/machine.ts';
import { advisories } from '../domain/verdict/advisory.ts';
import { restoreState } from '../domain/verdict/state.ts';
import { type MonitorRecord, recordSchemaVersion } from './monitorRecord.ts';
import { renameOlderFields } from './olderFields.ts';
import { pendingSchema } from './pendingSchema.ts';

const list = z.array(z.unknown());
const policy = z.looseObject({ events: list, steps: list });

/** The fields that decide notifications, as an earlier version, or a later one that was rolled back, stored them. */
const older = z.object({
  ref: z.object({ id: z.string(), number: z.number(), teamId: z.string() }),
  settings: z
    .looseObject({ regions: list, maintenance: list, distrusted: list, dependencies: list })
    .transform((settings) => settings as unknown as MonitorRecord['settings']),
  machine: z.unknown().transform(restoreState),
  advisory: z.object({
    seen: z.partialRecord(z.enum(advisories), z.object({ since: z.number(), goneSince: z.number().nullable() })),
    notified: z.enum(advisories).nullable(),
  }),
  alerting: z
    .looseObject({ monitor: z.object({ id: z.string(), name: z.string(), url: z.string() }), policy })
    .transform((alerting) => alerting as unknown as MonitorRecord['alerting']),
  escalation: z
    .object({
      dedupKey: z.string(),
      state: z.unknown().transform(restoreEscalation),
      policyId: z.string().nullable(),
      since: z.number(),
      acknowledgedBy: z.string().nullable(),
      lastSeenAt: z.number(),
    })
    .nullable(),
  revision: z.number(),
  openIncident: z.string().nullable(),
  pending: pendingSchema,
});

/**
 * A record of another schema version, as far as it can be read: otherwise recipients would not be notified of the end of a
 * problem, or of decisions not yet written. Undefined where it cannot be read, or there is none: then the monitor starts
 * again from its row.
 */
export const migrateRecord = (stored: unknown): MonitorRecord | undefined => {
  try {
    const record = older.parse(renameOlderFields(stored));
    const pending = { ...record.pending, row: true };
    // Settings and recipients are still of the older schema version, and must be read again before use.
    return { ...record, schemaVersion: recordSchemaVersion, changedAt: 0, wakeAt: null, pending, correlationId: '' };
  } catch {
    return undefined;
  }
};
