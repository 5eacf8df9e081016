/** Changes by people that affect notifications, counts or views, and sign-ins. The first word names the subject. */
export const auditActions = [
  'reclassification.created',
  'reclassification.revoked',
  'incident.resolved',
  'incident.reopened',
  'monitor.created',
  'monitor.changed',
  'monitor.paused',
  'monitor.resumed',
  'monitor.deleted',
  'maintenance.created',
  'maintenance.changed',
  'maintenance.ended',
  'maintenance.deleted',
  'channel.created',
  'channel.changed',
  'channel.deleted',
  'policy.created',
  'policy.changed',
  'policy.deleted',
  'person.created',
  'person.changed',
  'person.deleted',
  'on-call.created',
  'on-call.changed',
  'on-call.deleted',
  'status-page.created',
  'status-page.changed',
  'status-page.deleted',
  'team.created',
  'team.changed',
  'sign-in.succeeded',
  'sign-in.failed',
  'sign-out.here',
  'sign-out.everywhere',
  'sign-out.other',
  'sign-out.others',
] as const;
export type AuditAction = (typeof auditActions)[number];

type FirstWord<Action> = Action extends `${infer Word}.${string}` ? Word : never;
export type AuditSubject = FirstWord<AuditAction>;

export const subjectOf = (action: AuditAction) => action.slice(0, action.indexOf('.')) as AuditSubject;

/** Values only where they may be kept. */
export interface AuditChange {
  field: string;
  from?: unknown;
  to?: unknown;
}

type Fields = Record<string, unknown>;

/** Names of the fields of `was` that are otherwise in `is`. */
const changedFields = (was: Fields, is: Fields): string[] =>
  Object.keys(was).filter((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]));

/** Without values, which may be secret, or say nothing to people. */
export const changedNames = (was: Fields, is: Fields): AuditChange[] =>
  changedFields(was, is).map((field) => ({ field }));

/** With the values from before and after. */
export const changesBetween = (was: Fields, is: Fields): AuditChange[] =>
  changedFields(was, is).map((field) => ({ field, from: was[field], to: is[field] }));
