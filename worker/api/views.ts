/**
 * What the API and the live feed answer with, as JSON. Times are UTC ISO 8601 strings; durations carry their unit.
 * The browser reads these types through the typed client.
 */

export type * from './views/audit.ts';
export type * from './views/channels.ts';
export type * from './views/checkToken.ts';
export type * from './views/deliveries.ts';
export type * from './views/incidents.ts';
export type * from './views/limits.ts';
export type * from './views/live.ts';
export type * from './views/maintenance.ts';
export type * from './views/monitors.ts';
export type * from './views/onCall.ts';
export type * from './views/policies.ts';
export type * from './views/reclassifications.ts';
export type * from './views/sessions.ts';
export type * from './views/statusPages.ts';
export type * from './views/verdicts.ts';
