import type { monitors } from '../schema.ts';

/** With the ids of the monitors that it depends on. */
export type MonitorRow = typeof monitors.$inferSelect & { dependsOn: string[] };
