/**
 * What the API and the live feed answer with, as JSON. Times are UTC ISO 8601 strings; durations carry their unit.
 * The browser reads these types through the typed client.
 */

export type * from './accounts.ts';
export type * from './audit.ts';
export type * from './channels.ts';
export type * from './checkToken.ts';
export type { AuthorView, Page } from './common.ts';
export type * from './deliveries.ts';
export type * from './escalationPolicies.ts';
export type * from './health.ts';
export type * from './history.ts';
export type * from './incidents.ts';
export type * from './limits.ts';
export type * from './live.ts';
export type * from './maintenance.ts';
export type * from './monitors.ts';
export type * from './onCall.ts';
export type * from './regions.ts';
export type * from './sessions.ts';
export type * from './statusPages.ts';
export type * from './verdicts.ts';
