/** All tables. Times are integer milliseconds since the epoch unless a name says otherwise. */
export * from './schema/accounts.ts';
export * from './schema/alerts.ts';
export * from './schema/audit.ts';
export * from './schema/incidents.ts';
export * from './schema/limits.ts';
export * from './schema/maintenance.ts';
export * from './schema/monitors.ts';
export * from './schema/onCall.ts';
export * from './schema/operations.ts';
export * from './schema/recipients.ts';
export * from './schema/signIns.ts';
export * from './schema/statusPages.ts';
export * from './schema/ticks.ts';
export * from './schema/verdicts.ts';
