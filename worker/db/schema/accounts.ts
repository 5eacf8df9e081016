import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const users = sqliteTable(
  'users',
  {
    id: text().primaryKey(),
    /** As the person typed it, for showing and sending. */
    email: text().notNull(),
    /** Lower case, for comparison. */
    emailKey: text('email_key').notNull(),
    passwordHash: text('password_hash').notNull(),
    /** When the owner of the address confirmed it, as a recipient of alerts of a team of theirs. */
    emailConfirmedAt: integer('email_confirmed_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [uniqueIndex('users_email_key').on(t.emailKey)],
);

export const teams = sqliteTable('teams', {
  id: text().primaryKey(),
  name: text().notNull(),
  /** IANA name: the time zone of maintenance windows and dates. */
  timeZone: text('time_zone').notNull().default('UTC'),
  /** Latest change of anything beyond their own rows by which the team's monitors are judged. */
  policyChangedAt: integer('policy_changed_at').notNull().default(0),
  /** Until then a dashboard is open, so results are pushed to the team's Feed. */
  watchedUntil: integer('watched_until').notNull().default(0),
  /** Secret by which targets know its checks, encrypted (db/teams/checkToken.ts); null until somebody needs it. */
  checkToken: text('check_token'),
  createdAt: integer('created_at').notNull(),
});

export const members = sqliteTable(
  'members',
  {
    teamId: text('team_id')
      .notNull()
      .references(() => teams.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    role: text({ enum: ['owner', 'member'] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.teamId] })],
);

/** One row per sign-in (a token family). Refreshing replaces the hash; a hash that was replaced before ends the family. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    refreshHash: text('refresh_hash').notNull(),
    /** The hash before the last rotation and when it was rotated: two tabs that refresh at once are no theft. */
    previousHash: text('previous_hash'),
    rotatedAt: integer('rotated_at').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** Last location, by which the owner distinguishes sessions. Null: the session began before these were stored. */
    network: text(),
    userAgent: text('user_agent'),
  },
  (t) => [index('sessions_user').on(t.userId)],
);
