/** What is kept of what people do: what changes what is told or what is counted. */
export const auditActions = [
  'reclassification.created',
  'reclassification.revoked',
  'incident.resolved',
  'incident.reopened',
  'monitor.changed',
  'monitor.paused',
  'monitor.resumed',
  'monitor.deleted',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Values only where they may be kept. */
export interface AuditChange {
  field: string;
  from?: unknown;
  to?: unknown;
}
