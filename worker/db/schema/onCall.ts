import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Layer, Override } from '../../domain/onCall/onCallSchedule.ts';

/** The people who receive alerts, with or without an account. */
export const people = sqliteTable(
  'people',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    name: text().notNull(),
    /** Ids of their channels. */
    channels: text({ mode: 'json' }).$type<string[]>().notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('people_team').on(t.teamId, t.createdAt, t.id)],
);

/** Rotations and their people (domain/onCall/onCall.ts). */
export const onCallSchedules = sqliteTable(
  'on_call_schedules',
  {
    id: text().primaryKey(),
    teamId: text('team_id').notNull(),
    name: text().notNull(),
    timeZone: text('time_zone').notNull(),
    layers: text({ mode: 'json' }).$type<Layer[]>().notNull(),
    overrides: text({ mode: 'json' }).$type<(Override & { id: string })[]>().notNull(),
    /** Random part of the address of its calendar: everybody with that address can read it, until it is replaced. */
    feedKey: text('feed_key').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('on_call_schedules_team').on(t.teamId, t.createdAt, t.id)],
);
